import { expect, test } from 'vitest';
import { createExactLines } from '../../src/mcp/exact-numbers.ts';

/** What comes out of these chunks. */
async function through(...chunks: readonly (string | Buffer)[]): Promise<string> {
  const lines = createExactLines();
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  const parts: Buffer[] = [];
  for await (const part of lines) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

test('numbers that would be rounded keep their digits as text', async () => {
  const line = '{"id":12345678901234567890,"n":5,"text":"12345678901234567890","f":0.12345678901234567890123}';
  expect(await through(`${line}\n`)).toBe(
    '{"id":"12345678901234567890","n":5,"text":"12345678901234567890","f":"0.12345678901234567890123"}\n',
  );
});

test('lines may be split anywhere, also within a character', async () => {
  const bytes = Buffer.from('{"name":"Zoë","id":12345678901234567890}\n{"id":1}\n');
  const expected = '{"name":"Zoë","id":"12345678901234567890"}\n{"id":1}\n';
  expect(await through(...[...bytes].map((byte) => Buffer.from([byte])))).toBe(expected);
});

test('a line without an end is passed on', async () => {
  expect(await through('{"a":1}\nrest')).toBe('{"a":1}\nrest');
  expect((await through('x'.repeat(12_000_000))).length).toBe(12_000_000);
});
