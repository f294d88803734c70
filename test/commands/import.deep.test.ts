import { getNamedType, isInputObjectType, isScalarType } from 'graphql';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { IMPORTED } from '../../src/export/run-import.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { schema } from '../../src/server/schema.ts';
import { deepCases } from '../property.ts';
import { openTransfers, type Transfers } from './transfer-host.ts';

// Commands start slowly on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const opened: Transfers[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(files: Record<string, string>, options: SandboxOptions = { seed: false }) {
  const transfers = await openTransfers(options, files);
  opened.push(transfers);
  return transfers;
}

const contacts = ({ sandbox }: Transfers) => sandbox.rows(contactType);
const many = (count: number) =>
  `email,lastName\n${Array.from({ length: count }, (_, index) => `n${index}@example.com,N${index}\n`).join('')}`;

test('reads cells for every scalar of the inputs that it fills', () => {
  const types = Object.values(IMPORTED).flatMap((name) => {
    const row = schema.getType(`BulkUpsert${name}Input`);
    const data = isInputObjectType(row) ? getNamedType(row.getFields().data?.type) : undefined;
    return isInputObjectType(data) ? Object.values(data.getFields()).map(({ type }) => getNamedType(type)) : [];
  });
  const scalars = new Set(types.filter(isScalarType).map(({ name }) => name));
  // There is no reader for Boolean.
  expect([...scalars].sort()).toEqual(['Decimal', 'ID', 'Int', 'JSON', 'String']);
});

describe('an import', () => {
  test('creates and updates records, and reports each row', async () => {
    const world = await open({
      'a.csv':
        '\uFEFFemail,firstName,tags,cf_tier\r\nann@example.com,"Ann, A.",x;y,Gold\r\n,Nobody,,\r\nno mail,Bad,,\r\n',
      'b.csv': 'databaseId,email,city,firstName\n$ID,other@example.com,Berlin,\n',
    });
    const first = await world.run('import', 'contacts', 'a.csv', '--report', 'report.csv');
    expect(first).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('3 rows: 1 succeeded, 1 invalid, 1 failed'),
    });
    expect(world.tableOf('report.csv')).toEqual([
      { row: '1', identifier: 'ann@example.com', outcome: 'SUCCEEDED', messages: '' },
      { row: '2', identifier: '', outcome: 'INVALID', messages: 'The row has no id and no email.' },
      { row: '3', identifier: 'no mail', outcome: 'FAILED', messages: expect.stringContaining('invalid email') },
    ]);
    expect(contacts(world)).toMatchObject([
      { first_name: 'Ann, A.', email: 'ann@example.com', tags: ['x', 'y'], custom_field: { cf_tier: 'Gold' } },
    ]);
    expect(world.sandbox.requests.map((each) => each.replace(/[\w-]+$/, (id) => (/\d/.test(id) ? '1' : id)))).toEqual([
      ...['POST /contacts/bulk_upsert', 'GET /job_statuses/1'],
    ]);
  });

  test('takes other headers with a map', async () => {
    const world = await open({
      'crm.csv': 'Firm,Junk,Phone\nAcme,1,+491\n',
      'map.json': '{"Firm":"name","Junk":null,"Phone":"phone"}',
    });
    const unmapped = await world.run('import', 'sales-accounts', 'crm.csv');
    expect(unmapped).toMatchObject({ status: 1, stderr: expect.stringContaining('The column “Firm” of crm.csv') });
    expect((await world.run('import', 'sales-accounts', 'crm.csv', '--map', 'map.json')).status).toBe(0);
    expect(world.sandbox.rows(salesAccountType)).toMatchObject([{ name: 'Acme', phone: '+491' }]);
  });

  test('sends nothing in a dry run', async () => {
    const world = await open({ 'a.csv': 'email,ownerId,firstName\na@example.com,abc,A\nb@example.com,,B\n' });
    const { status, stdout } = await world.run('import', 'contacts', 'a.csv', '--dry-run', '--report', 'r.jsonl');
    expect({ status, stdout }).toMatchObject({ status: 1, stdout: expect.stringContaining('Nothing was sent') });
    expect(world.linesOf('r.jsonl')).toMatchObject([
      { row: 1, outcome: 'INVALID' },
      { row: 2, outcome: 'VALID' },
    ]);
    expect(world.sandbox.requests).toEqual([]);
  });

  test('leaves the fields of empty cells, or clears them', async () => {
    const world = await open({
      '1.csv': 'email,city,state\na@example.com,Berlin,BE\n',
      '2.csv': 'email,city,state\na@example.com,,HH\n',
    });
    await world.run('import', 'contacts', '1.csv');
    await world.run('import', 'contacts', '2.csv');
    expect(contacts(world)).toMatchObject([{ city: 'Berlin', state: 'HH' }]);
    await world.run('import', 'contacts', '2.csv', '--clear-empty');
    expect(contacts(world)).toMatchObject([{ city: null, state: 'HH' }]);
  });

  test.each(deepCases(['SIGKILL', 'SIGINT'] as const, 1))(
    'goes on after %s, and creates no duplicates',
    async (signal) => {
      const world = await open({ 'many.csv': many(650) });
      const args = ['import', 'contacts', 'many.csv', '--report', 'report.csv'];
      const { child, ended } = world.start(args);
      let jobs = 0;
      world.sandbox.behaviours.onRequest = (request) => {
        if (!request.startsWith('GET /job_statuses')) return;
        jobs += 1;
        if (jobs === 5) child.kill(signal);
      };
      expect((await ended).status).not.toBe(0);
      expect(contacts(world).length).toBeLessThan(650);
      const again = await world.run(...args);
      expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('Going on with many.csv after') });
      expect(contacts(world)).toHaveLength(650);
      expect(world.tableOf('report.csv').map(({ row }) => Number(row))).toEqual(
        Array.from({ length: 650 }, (_, index) => index + 1),
      );
      expect(new Set(world.tableOf('report.csv').map(({ outcome }) => outcome))).toEqual(new Set(['SUCCEEDED']));
      expect(world.sandbox.requests.filter((each) => each.includes('bulk_upsert'))).toHaveLength(7);
    },
  );
});

test('imports what was exported', async () => {
  const world = await open({}, {});
  await world.run('export', 'contacts', '--fields', 'firstName,email,tags,cf_tier', '--out', 'all.csv');
  const before = contacts(world).length;
  const { status, stdout } = await world.run('import', 'contacts', 'all.csv');
  expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('315 succeeded') });
  expect(contacts(world)).toHaveLength(before);
});

test.each([
  [['import', 'deals', 'a.csv'], 'cannot be imported. Freshsales upserts contacts, sales-accounts, leads in bulk.'],
  [['import', 'leads', 'a.csv'], 'Only Freshsales Classic has leads'],
  [['import', 'contacts', 'none.csv'], 'none.csv cannot be read (ENOENT)'],
  [['import', 'contacts', 'empty.csv'], 'empty.csv is empty'],
  [['import', 'contacts', 'a.csv', '--map', 'a.csv'], 'a.csv is not a map of columns'],
  [['import', 'contacts', 'a.csv', '--map', 'map.json'], '--map names the column “E-Mail”'],
  [['import', 'contacts', 'noid.csv'], 'noid.csv needs a column that identifies its rows: email or id.'],
  [['import', 'contacts', 'twice.csv'], 'Two columns of twice.csv fill “email”'],
  [['import', 'contacts', 'broken.csv'], 'broken.csv is not CSV'],
  [
    ['import', 'contacts', 'typo.csv'],
    'Did you mean firstName, lastName? Rename the column, map it with --map FILE: {"fristName":"firstName"}',
  ],
  [['import', 'contacts', 'other.csv'], 'Rename the column, or ignore it with --map FILE: {"zzz":null}.'],
])('refuses %j', async (args, message) => {
  const world = await open({
    'a.csv': 'email\na@example.com\n',
    'empty.csv': '',
    'noid.csv': 'city\nBerlin\n',
    'twice.csv': 'email,email\na,b\n',
    'broken.csv': 'email\n"a\n',
    'typo.csv': 'email,fristName\na,b\n',
    'other.csv': 'email,zzz\na,b\n',
    'map.json': '{"E-Mail":"email"}',
  });
  const { status, stderr } = await world.run(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(1);
  expect(world.sandbox.requests).toEqual([]);
});

test('exports and imports are in the audit log, with who and how many', async () => {
  const world = await open({ 'rows.csv': 'email,firstName\nann@example.com,Ann\nno-address,Bob\n' }, {});
  const log = { AUDIT_LOG: 'audit.log' };
  await world.start(['export', 'sales-accounts', '--out', 'all.csv'], log).ended;
  await world.start(['import', 'contacts', 'rows.csv'], log).ended;
  const { stdout } = await world.start(['audit'], log).ended;
  const count = world.tableOf('all.csv').length;
  expect(stdout).toMatch(new RegExp(`\\S+ on the command line read ${count} sales accounts\\. 3 calls`));
  expect(stdout).toMatch(/created or changed in bulk 1 contact and tried to create or change in bulk 1 contact, which/);
});
