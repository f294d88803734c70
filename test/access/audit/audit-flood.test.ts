import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { AuditEvent, AuditLine } from '../../../src/access/audit/audit-event.ts';
import { MAX_LINE_BYTES, openAuditLog } from '../../../src/access/audit/audit-log.ts';
import { auditFiles } from '../../../src/access/audit/audit-reader.ts';
import { createLineLimiter } from '../../../src/access/audit/line-limiter.ts';
import { openOffice } from '../office.ts';

const refusal = (more: Partial<AuditEvent> = {}): AuditEvent => ({
  at: '2026-11-24T10:00:00.000Z',
  requestId: 'r1',
  caller: null,
  operation: 'none',
  decision: 'denied',
  by: ['The token or key in the request is not valid.'],
  codes: ['UNAUTHENTICATED'],
  reads: [],
  writes: [],
  fields: [],
  calls: 0,
  left: null,
  durationMs: 1,
  ...more,
});

const log = async (entries: readonly AuditEvent[]) => {
  const path = join(mkdtempSync(join(tmpdir(), 'audit-')), 'audit.log');
  const opened = await openAuditLog({ path });
  for (const entry of entries) opened.write(entry);
  opened.close();
  const text = auditFiles(path)
    .map((file) => readFileSync(file, 'utf8'))
    .join('');
  return { text, lines: text.trimEnd().split('\n') };
};

test('writes one line for the first request with a bad token, and one that counts the rest', async () => {
  const { yoga, send, tokens, audited, log: opened } = await openOffice({ Reader: 'grants: { contacts: read }' });
  for (let count = 0; count < 500; count += 1) await send(`guess-${count}`, { query: '{ __typename }' });
  await send(undefined, { query: '{ __typename }' });
  for (let count = 0; count < 5; count += 1) await yoga.fetch('http://127.0.0.1/mcp', { method: 'POST', body: '{}' });
  expect(audited()).toHaveLength(2);
  await send(tokens.Reader, { query: '{ contacts(first: 1) { nodes { id } } }' });
  opened.close();
  const lines = audited();
  expect(lines).toHaveLength(5);
  expect(lines[2]).toMatchObject({ caller: 'Reader', decision: 'allowed' });
  expect(lines[3]).toMatchObject({ caller: null, decision: 'denied', repeated: { count: 499 } });
  expect(lines[4]).toMatchObject({ caller: null, decision: 'denied', repeated: { count: 5 } });
  expect(lines[3]?.sentence).toMatch(
    /^Unknown caller was denied an operation 499 more times between \S+Z and \S+Z: The token or key in the request is not valid\. 0 calls\.$/,
  );
});

test('writes one line a minute while the requests continue', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const written: AuditEvent[] = [];
  const limiter = createLineLimiter({ write: (entry) => void written.push(entry) });
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 100; count += 1) limiter.take(refusal());
    vi.advanceTimersByTime(60_000);
  }
  expect(written.map(({ repeated }) => repeated?.count)).toEqual([undefined, 99, 100, 100]);
  vi.advanceTimersByTime(60_000);
  limiter.take(refusal());
  expect(written).toHaveLength(5);
  limiter.close();
});

test('lists twenty addresses, and counts the rest', () => {
  const written: AuditEvent[] = [];
  const limiter = createLineLimiter({ write: (entry) => void written.push(entry) });
  for (let count = 0; count < 100; count += 1) limiter.take(refusal({ address: `2001:db8::${count.toString(16)}` }));
  limiter.flush();
  limiter.close();
  expect(written[1]?.repeated).toMatchObject({ count: 99, moreAddresses: true });
  expect(written[1]?.repeated?.addresses).toHaveLength(20);
});

test.each([
  ['operations that are not valid', { decision: 'invalid', codes: ['GRAPHQL_VALIDATION_FAILED'], by: [] }],
  ['operations that are refused', { decision: 'denied', codes: ['FORBIDDEN'], by: ['deals needs deals: read'] }],
  ['operations that touch no record', { decision: 'allowed', codes: [], by: [], fields: ['__typename'] }],
  ['plans', { decision: 'planned', codes: [], by: [], fields: ['contacts'] }],
] as const)('sums up %s of one caller beyond a hundred', async (_name, more) => {
  const { lines } = await log(Array.from({ length: 5000 }, () => refusal({ caller: 'Reader', ...more })));
  expect(lines).toHaveLength(101);
  expect(JSON.parse(lines[100] ?? '')).toMatchObject({ caller: 'Reader', repeated: { count: 4900 } });
  expect((JSON.parse(lines[100] ?? '') as AuditLine).sentence).toContain('4,900 more times');
});

test('writes every line about a record, however many there are', async () => {
  const reads = [{ what: 'Contact', count: 1, related: [] }];
  const { lines } = await log(Array.from({ length: 300 }, () => refusal({ decision: 'allowed', codes: [], reads })));
  expect(lines).toHaveLength(300);
});

test('treats lines that differ in client, operation or error name alike', async () => {
  const made = (count: number) =>
    refusal({
      caller: 'Reader',
      decision: 'invalid',
      codes: ['BAD_USER_INPUT'],
      by: [`${count}`],
      operationName: `O${count}`,
      mcp: { tool: `t${count}`, client: `c${count}` },
    });
  const { lines } = await log(Array.from({ length: 2000 }, (_each, count) => made(count)));
  expect(lines).toHaveLength(101);
});

const long = (length: number) => 'x'.repeat(length);

test.each<[string, Partial<AuditEvent>]>([
  ['the name of an operation', { operationName: long(900_000) }],
  ['an error', { by: [long(900_000)] }],
  [
    'many errors',
    {
      codes: Array.from({ length: 50_000 }, () => 'BAD_USER_INPUT'),
      by: Array.from({ length: 50_000 }, () => long(50)),
    },
  ],
  ['many fields', { fields: Array.from({ length: 50_000 }, (_each, index) => `field${index}`) }],
  ['the name of a client', { mcp: { tool: long(100_000), client: '\u202e'.repeat(100_000) } }],
  [
    'many records',
    {
      found: [
        { type: 'Contact', by: 'lookup', ids: Array.from({ length: 50_000 }, (_each, index) => `3101635${index}`) },
      ],
    },
  ],
  [
    'many writes with many changes',
    {
      decision: 'allowed',
      writes: Array.from({ length: 20 }, () => ({
        type: 'Contact',
        action: 'update' as const,
        name: '\u0000'.repeat(500),
        changes: Array.from({ length: 50 }, () => ({ field: 'jobTitle', from: long(500), to: long(500) })),
        outcome: 'done' as const,
      })),
    },
  ],
])('a line stays short with %s', async (_name, more) => {
  const { lines } = await log([refusal(more)]);
  expect(lines).toHaveLength(1);
  expect(Buffer.byteLength(lines[0] ?? '')).toBeLessThanOrEqual(MAX_LINE_BYTES + 20);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ truncated: true, requestId: 'r1' });
});

test('logs all ids of a bulk write', async () => {
  const id = Array.from({ length: 1000 }, (_each, index) => `3101635${1000 + index}`);
  const { lines } = await log([refusal({ writes: [{ type: 'Contact', action: 'bulkDelete', id, outcome: 'done' }] })]);
  expect((JSON.parse(lines[0] ?? '') as AuditLine).writes[0]?.id).toEqual(id);
});
