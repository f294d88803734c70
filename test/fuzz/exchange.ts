import { connect } from 'node:net';
import fc, { type Arbitrary } from 'fast-check';
import { awkward, edit, edits } from './cases.ts';

const LONGEST = 20_000_000;

export interface Exchange {
  readonly text: string;
  readonly ms: number;
}

/** Sends bytes and reads what comes back, until the server closes or says nothing for a while. */
export function exchange(port: number, bytes: Buffer, quietMs: number): Promise<Exchange> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let size = 0;
    socket.setTimeout(quietMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST) socket.destroy();
    });
    // A server may hang up on nonsense while it is still being sent.
    socket.on('error', () => {});
    socket.on('close', () =>
      resolve({ text: Buffer.concat(chunks).toString('latin1'), ms: performance.now() - start }),
    );
    socket.write(bytes);
  });
}

/** Parts of requests that servers have been confused by. */
const part = fc.oneof(
  fc.constantFrom(
    ...[
      '\r\n',
      '\n',
      '\r',
      '\r\n\r\n',
      ' ',
      '\t',
      ':',
      '\0',
      '\x1b',
      ' HTTP/1.1',
      ' HTTP/9.9',
      '?',
      '#',
      '%',
      '%ff',
      '//',
      '/..;/',
    ],
    ...[
      'Transfer-Encoding: chunked\r\n',
      'Content-Length: 5\r\n',
      'Content-Length: -1\r\n',
      'Content-Length: 99999999999\r\n',
    ],
    ...[
      'Expect: 100-continue\r\n',
      'Upgrade: websocket\r\nConnection: Upgrade\r\n',
      'Content-Encoding: gzip\r\n',
      '0\r\n\r\n',
      'ffffffff\r\n',
    ],
    ...[
      'Host: 127.999.999.999\r\n',
      'Host: [::1\r\n',
      'Host: \r\n',
      'Host: a b\r\n',
      'Host: 127.0.0.1:99999\r\n',
      'Authorization: Bearer \r\n',
    ],
    ...[
      'Content-Type: multipart/form-data; boundary=x\r\n',
      'Cookie: a=b\r\n',
      'X-Forwarded-Host: evil.example\r\n',
      'Origin: null\r\n',
    ],
  ),
  awkward,
);

const method = fc.constantFrom(
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  'X',
);
const path = fc.oneof(
  fc.constantFrom(
    ...[
      '/graphql',
      '/mcp',
      '/',
      '/graphql/',
      '/x/graphql',
      '/graphql?query={__typename}',
      '/graphql?query=%',
      '/health/ready',
      '/health/live',
    ],
    ...[
      'http://127.0.0.1/graphql',
      'http://[/graphql',
      '//graphql',
      '*',
      '/%2e%2e/graphql',
      '/graphql?variables={',
      '/graphql#x',
      '\\graphql',
    ],
  ),
  awkward,
);
const headers = fc.array(
  fc.oneof(
    fc.constantFrom(
      'Host: 127.0.0.1',
      'Content-Type: application/json',
      'Accept: text/html',
      'Accept: application/json, text/event-stream',
    ),
    fc.constantFrom(
      'Authorization: Bearer x',
      'Authorization: Token token=x',
      'Origin: http://127.0.0.1',
      'Sec-Fetch-Site: cross-site',
    ),
    fc.tuple(fc.string({ maxLength: 10 }), awkward).map(([name, text]) => `${name}: ${text}`),
  ),
  { maxLength: 8 },
);
const body = fc.oneof(
  fc.constantFrom(
    '',
    '{"query":"{ __typename }"}',
    '{"query":"{ rateLimit { limit } }","variables":{}}',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  ),
  awkward,
);

/** Requests that are nearly right, and bytes that are no requests. */
export const requestBytes = (token: string | undefined): Arbitrary<Buffer> => {
  const well = fc.record({ method, path, headers, body }).map((parts) => {
    const lines = [
      `${parts.method} ${parts.path} HTTP/1.1`,
      ...(token ? [`Authorization: Bearer ${token}`] : []),
      ...['Host: 127.0.0.1', 'Connection: close', 'Content-Type: application/json'],
      ...parts.headers,
      `Content-Length: ${Buffer.byteLength(parts.body)}`,
    ];
    return `${lines.join('\r\n')}\r\n\r\n${parts.body}`;
  });
  const hurt = fc.tuple(well, edits(part)).map(([text, changes]) => edit(text, changes));
  return fc.oneof(
    { weight: 4, arbitrary: well.map((text) => Buffer.from(text)) },
    { weight: 8, arbitrary: hurt.map((text) => Buffer.from(text, 'latin1')) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes)) },
  );
};
