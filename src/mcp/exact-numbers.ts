import { Transform } from 'node:stream';
import { withExactNumbers } from '../freshsales/json.ts';

const NEWLINE = 0x0a;

/** The transport refuses longer messages. They are passed on as they are, so that it can. */
const MAX_BYTES = 10_000_000;

/**
 * Quotes numbers that JSON.parse would round, in messages of one line each. The transport parses them itself; over HTTP, the
 * body is parsed exactly.
 */
export function createExactLines(): Transform {
  let chunks: Buffer[] = [];
  let size = 0;
  const take = (): Buffer => {
    const line = Buffer.concat(chunks);
    chunks = [];
    size = 0;
    return line;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let rest = chunk;
      for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
        chunks.push(rest.subarray(0, end));
        this.push(`${exact(take())}\n`);
        rest = rest.subarray(end + 1);
      }
      chunks.push(rest);
      size += rest.length;
      if (size > MAX_BYTES) this.push(take());
      done();
    },
    flush(done) {
      this.push(take());
      done();
    },
  });
}

function exact(line: Buffer): string {
  const text = line.toString('utf8');
  return withExactNumbers(text) ?? text;
}
