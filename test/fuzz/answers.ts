import { readdirSync, readFileSync } from 'node:fs';
import fc, { type Arbitrary } from 'fast-check';
import { garbage, spoil } from '../spoil.ts';
import { awkward, type Edit, edits } from './cases.ts';

/** What is wrong with an answer of Freshsales. */
export type Damage =
  | { readonly kind: 'none' }
  | { readonly kind: 'spoiled'; readonly wounds: readonly [number, unknown][] }
  | { readonly kind: 'edited'; readonly edits: readonly Edit[] }
  | {
      readonly kind: 'replaced';
      readonly text: string;
      readonly status?: number;
      readonly headers?: Record<string, string>;
    }
  | { readonly kind: 'status'; readonly status: number; readonly headers: Record<string, string> }
  | { readonly kind: 'encoded'; readonly encoding: string; readonly bytes: Buffer }
  | { readonly kind: 'bomb' }
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'drip'; readonly steps: number }
  | { readonly kind: 'endless'; readonly unit: string };

const folder = new URL('../fixtures/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const wounds = fc.array(fc.tuple(fc.nat(5000), garbage), { minLength: 1, maxLength: 6 });
const bytes = fc.uint8Array({ maxLength: 2000 }).map((array) => Buffer.from(array));

/** Header values that a server may send. */
const value = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    '99999999999999999999',
    'x'.repeat(5000),
    '010126000000',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'text/html',
    '*',
  ),
  fc.string({ maxLength: 30 }),
);
const headers = fc.dictionary(
  fc.constantFrom(
    ...['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'date', 'content-type'],
    ...['set-cookie', 'location', 'link', 'etag', 'x-request-id', 'www-authenticate'],
  ),
  value,
  { maxKeys: 4 },
);
const status = fc.oneof(
  fc.constantFrom(200, 201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 405, 409, 422, 429, 500, 502, 503),
  fc.integer({ min: 200, max: 999 }),
);

const deep = fc
  .tuple(fc.constantFrom('[', '{"a":', '{"errors":', '{"contacts":['), fc.nat({ max: 100_000 }), fc.boolean())
  .map(([open, depth, closed]) => {
    const ends = [...open].reverse().map((mark) => ({ '[': ']', '{': '}' })[mark] ?? '');
    return open.repeat(depth) + (closed ? `1${ends.join('').repeat(depth)}` : '');
  });

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'null',
    '0',
    '""',
    '[]',
    '{}',
    '<html><body>Bad gateway</body></html>',
    '{"__proto__":{"id":1}}',
    '\ufeff{}',
    '{"id":1,"id":2}',
  ),
  fc.json(),
  awkward,
  deep,
  fc.tuple(fc.constantFrom(...recorded), wounds).map(([text, hurt]) => JSON.stringify(spoil(JSON.parse(text), hurt))),
);

export const damage: Arbitrary<Damage> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('spoiled' as const), wounds }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('edited' as const), edits: edits(awkward) }) },
  {
    weight: 4,
    arbitrary: fc.record(
      { kind: fc.constant('replaced' as const), text: texts, status, headers },
      { requiredKeys: ['kind', 'text'] },
    ),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('status' as const), status, headers }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom(301, 302, 303, 307, 308),
      headers: fc.constantFrom('/stolen', '/elsewhere', 'http://[', '').map((location) => ({ location })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('encoded' as const),
      encoding: fc.constantFrom('gzip', 'br', 'deflate', 'x', 'gzip, gzip'),
      bytes,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'bomb' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('raw' as const),
      bytes: fc.oneof(
        bytes,
        edits(awkward).map((changes) =>
          Buffer.from(`HTTP/1.1 200 OK\r\n${changes.map(({ insert }) => insert).join('\r\n')}`),
        ),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drip' as const), steps: fc.nat({ max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('endless' as const), unit: fc.constantFrom(' ', '[', '"', 'x', '9') }),
  },
);
