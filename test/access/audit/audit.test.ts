import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditEvent, AuditLine } from '../../../src/access/audit/audit-event.ts';
import { openAuditLog } from '../../../src/access/audit/audit-log.ts';
import { readAudit } from '../../../src/access/audit/audit-reader.ts';
import { sentenceOf } from '../../../src/access/audit/sentence.ts';
import { toTime } from '../../../src/commands/audit.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { openOffice } from '../office.ts';

const entry = (more: Partial<AuditEvent> = {}): AuditEvent => ({
  at: '2026-11-24T10:00:00.000Z',
  requestId: 'r1',
  caller: 'Sales Agent',
  operation: 'mutation',
  decision: 'allowed',
  by: ['deals: write'],
  codes: [],
  reads: [],
  writes: [],
  fields: [],
  calls: 1,
  left: 1411,
  durationMs: 1,
  ...more,
});

const deal = { type: 'Deal', id: '1', name: 'Acme renewal', outcome: 'done' } as const;

test.each([
  [
    { ...deal, action: 'update', changes: [{ field: 'stage', from: 'Proposal', to: 'Won' }] },
    'moved deal “Acme renewal” from Proposal to Won',
  ],
  [
    {
      ...deal,
      action: 'update',
      changes: [
        { field: 'expectedCloseOn', to: '2026-12-01' },
        { field: 'amount', from: '1', to: null },
      ],
    },
    'changed expected close on to 2026-12-01 and amount from 1 to nothing of deal “Acme renewal”',
  ],
  [{ ...deal, action: 'create' }, 'created deal “Acme renewal”'],
  [{ ...deal, action: 'delete', outcome: 'refused' }, 'tried to delete deal “Acme renewal”, which Freshsales refused'],
  [{ ...deal, name: undefined, action: 'create', outcome: 'unknown' }, 'may have created deal 1, as no answer came'],
  [
    {
      type: 'Task',
      id: '7',
      name: 'Call back',
      action: 'update',
      outcome: 'done',
      changes: [{ field: 'status', from: 'OPEN', to: 'COMPLETED' }],
    },
    'completed task “Call back”',
  ],
  [
    { type: 'SalesActivity', id: ['1', '2'], action: 'bulkDelete', outcome: 'done' },
    'deleted in bulk 2 sales activities',
  ],
] as const)('%o', (deed, phrase) => {
  expect(sentenceOf(entry({ writes: [deed] }))).toBe(
    `Sales Agent ${phrase}: allowed by deals: write. 1 call, 1,411 left.`,
  );
});

test('writes one line and one sentence for each operation, with the id of its response', async () => {
  const { ask, audited, tokens, sandbox } = await openOffice({
    Reader: 'grants: { contacts: read, deals: read, users: read }',
  });
  const id = sandbox.rows(dealType)[0]?.id;
  const { headers } = await ask('Reader', '{ contacts(first: 3) { nodes { displayName deals { nodes { name } } } } }');
  await ask('Reader', `query One { deal(id: "${id}") { databaseId } }`);
  await ask('Reader', '{ tasks(filter: OPEN) { totalCount } }');
  await ask('Reader', '{ contacts { totalCount } }');
  await ask('Reader', '{ nonsense }');
  const lines = audited();
  expect(lines[0]?.requestId).toBe(headers.get('x-request-id'));
  expect(lines.map(({ sentence }) => sentence)).toEqual([
    'Reader read 3 contacts with their deals: allowed by contacts: read, deals: read. 2 calls, 998 left.',
    `Reader read deal ${id}: allowed by deals: read. 1 call, 997 left.`,
    'Reader was denied tasks: tasks needs tasks: read, and this caller has tasks: off. 0 calls.',
    'Reader asked how many contacts there are: allowed by contacts: read. 0 calls, 997 left.',
    'Reader sent an invalid operation (GRAPHQL_VALIDATION_FAILED). 0 calls.',
  ]);
  const text = JSON.stringify(lines);
  for (const secret of [tokens.Reader ?? '', 'FRESHSALES_API_KEY', ...sandbox.rows(dealType).map(({ name }) => name)])
    expect(text).not.toContain(secret);
});

test('masks names and values if configured', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'audit-')), 'audit.log');
  const log = await openAuditLog({ path, mask: ['names', 'values'] });
  log.write(
    entry({ writes: [{ ...deal, action: 'update', changes: [{ field: 'stage', from: 'Proposal', to: 'Won' }] }] }),
  );
  log.write(
    entry({ writes: [{ type: 'Contact', action: 'bulkUpsert', id: ['ann@x.example', '7'], outcome: 'done' }] }),
  );
  log.close();
  const lines: AuditLine[] = [];
  for await (const line of readAudit(path, {})) lines.push(line);
  expect(lines[0]?.sentence).toBe(
    'Sales Agent moved deal “•••” from ••• to •••: allowed by deals: write. 1 call, 1,411 left.',
  );
  expect(lines[1]?.writes).toMatchObject([{ id: ['•••', '7'] }]);
  expect(JSON.stringify(lines)).not.toMatch(/Acme|Proposal|Won|ann@/);
});

test('filters the log by caller, record, decision and time, across files', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'audit-')), 'audit.log');
  for (const [day, caller] of [
    ['20', 'A'],
    ['21', 'B'],
    ['22', 'A'],
  ] as const) {
    // Opened anew, as after a restart.
    const log = await openAuditLog({ path });
    log.write(
      entry({
        caller,
        at: `2026-11-${day}T10:00:00.000Z`,
        decision: caller === 'A' ? 'allowed' : 'denied',
        writes: [{ ...deal, action: 'update', id: day }],
      }),
    );
    log.close();
  }
  const days = async (query: Parameters<typeof readAudit>[1]) => {
    const found: string[] = [];
    for await (const { at } of readAudit(path, query)) found.push(at.slice(8, 10));
    return found;
  };
  expect(await days({})).toEqual(['20', '21', '22']);
  expect(await days({ caller: 'A' })).toEqual(['20', '22']);
  expect(await days({ decision: 'denied' })).toEqual(['21']);
  expect(await days({ since: new Date('2026-11-21'), until: new Date('2026-11-22') })).toEqual(['21']);
  for (const record of ['22', 'Deal/22', 'gid://freshsales/Deal/22']) expect(await days({ record })).toEqual(['22']);
  expect(await days({ record: 'Contact/22' })).toEqual([]);
  expect(toTime('since', '2h', 7_200_000)).toEqual(new Date(0));
  expect(() => toTime('since', 'yesterday')).toThrow(/--since is not valid/);
});

test('skips lines that are not entries, however long or broken', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'audit-')), 'audit.log');
  const line = (id: string) =>
    JSON.stringify({ v: 1, ...entry({ writes: [{ ...deal, id, action: 'update' }] }), sentence: `Changed ${id}.` });
  const broken = [
    'null',
    '1',
    '[]',
    '{}',
    '{"at":1}',
    '\u0000\uffff',
    line('1').slice(0, -9),
    '{"at":"","sentence":""}',
  ];
  const odd = [
    line('5').replace('"Deal"', 'null').replace('"5"', '{}'),
    line('6').replace('"reads":[]', '"reads":[null]'),
  ];
  const long = [line('7').replace('Changed', 'x'.repeat(3_000_000)), '['.repeat(2_000_000), 'x'.repeat(1_000_000)];
  const lines = [line('1'), ...broken, line('2'), ...long, ...odd, line('3')];
  writeFileSync(path.replace('.log', '.2026-11-20.1.log'), Buffer.from(lines.join('\n')));
  const read = async (query: Parameters<typeof readAudit>[1]) => {
    const found: string[] = [];
    for await (const { sentence } of readAudit(path, query)) found.push(sentence);
    return found;
  };
  expect(await read({})).toEqual(['Changed 1.', 'Changed 2.', 'Changed 5.', 'Changed 3.']);
  expect(await read({ record: 'Deal/002' })).toEqual(['Changed 2.']);
});

test('reports a full disk once, keeps serving reads, and recovers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  // The local day names the file; this one is full whatever is written to it. Swedes write dates as ISO does.
  symlinkSync('/dev/full', join(folder, `audit.${new Date().toLocaleDateString('sv')}.1.log`));
  const warnings: string[] = [];
  const path = join(folder, 'audit.log');
  const { ask } = await openOffice(
    { Reader: 'grants: { contacts: read }' },
    { audit: { path, warn: (message) => warnings.push(message) } },
  );
  for (const _ of [1, 2]) expect((await ask('Reader', '{ contacts { totalCount } }')).codes).toEqual([]);
  expect(warnings).toEqual(['The audit log cannot be written (ENOSPC). Callers cannot write until it can.']);
  const log = await openAuditLog({ path, warn: () => undefined });
  log.write(entry());
  expect(log.ready()).toBe(false);
  log.close();
});
