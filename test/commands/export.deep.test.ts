import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { AuditEvent } from '../../src/access/audit/audit-event.ts';
import { type ContactRecord, contactType } from '../../src/resources/contact/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { deepCases } from '../property.ts';
import { contactsSeed, openTransfers, putContact, type Transfers } from './transfer-host.ts';

// Commands start slowly on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const opened: Transfers[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(options: SandboxOptions = {}, files: Record<string, string> = {}) {
  const transfers = await openTransfers(options, files);
  opened.push(transfers);
  return transfers;
}

const idsOf = (rows: readonly Record<string, unknown>[]) => rows.map(({ databaseId }) => String(databaseId)).sort();
const idsIn = ({ sandbox }: Transfers, is: (row: Required<ContactRecord>) => boolean) =>
  sandbox
    .rows(contactType)
    .filter(is)
    .map(({ id }) => id)
    .sort();
const allIds = (world: Transfers) => idsIn(world, ({ is_deleted }) => !is_deleted);
const pageCalls = ({ sandbox }: Transfers) => sandbox.requests.filter((request) => /[?&]page=\d/.test(request)).length;

describe('a whole record type', () => {
  test('is read with 100 rows a call, the newest first, and one call at the end', async () => {
    const world = await open();
    const { status, stdout } = await world.run('export', 'contacts', '--out', 'all.jsonl');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^Exported 315 rows to all\.jsonl with 6 calls\.\nFor what changes from now on: --since \S+Z\n$/,
    );
    const page = (number: number) =>
      `GET /contacts/view/31000075381?page=${number}&per_page=100&sort=created_at&sort_type=desc&include=owner,sales_accounts`;
    expect(world.sandbox.requests.map((each) => each.replace(/view\/\d+/, 'view/31000075381'))).toEqual([
      'GET /contacts/filters',
      ...[1, 2, 3, 4, 1].map(page),
    ]);
    const rows = world.linesOf('all.jsonl');
    expect(idsOf(rows)).toEqual(allIds(world));
    expect(rows[0]).toMatchObject({
      owner: { databaseId: expect.any(String), displayName: expect.any(String) },
      primarySalesAccount: { databaseId: expect.any(String), name: expect.any(String) },
    });
    expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['databaseId', 'email', 'updatedAt', 'cf_tier']));
  });

  test('is a CSV file with a column for each custom field, and with its values as they are', async () => {
    const world = await open();
    world.sandbox.put(contactType, { id: '9', mobile_number: '+491701234567', job_title: 'a "b", c\nd' });
    await world.run('export', 'contacts', '--out', 'all.csv');
    const rows = world.tableOf('all.csv');
    expect(idsOf(rows)).toEqual(allIds(world));
    expect(Object.keys(rows[0] ?? {})).toEqual(
      expect.arrayContaining(['cf_tier', 'cf_nickname', 'owner.displayName', 'primarySalesAccount.name']),
    );
    expect(rows.find(({ databaseId }) => databaseId === '9')).toMatchObject({
      ...{ mobileNumber: '+491701234567', jobTitle: 'a "b", c\nd' },
    });
    await world.run('export', 'contacts', '--out', 'safe.csv', '--escape-formulas', '--fields', 'mobileNumber');
    expect(world.textOf('safe.csv')).toContain("9,'+491701234567\n");
  });

  test.each([
    ['sales-accounts', 'suite'],
    ['deals', 'suite'],
    ['tasks', 'suite'],
    ['appointments', 'suite'],
    ['sales-activities', 'suite'],
    ['leads', 'classic'],
  ] as const)('can be %s', async (name, product) => {
    const world = await open({ product });
    const { status, stderr } = await world.run('export', name);
    expect({ status, stderr: stderr.replace(/^[\d,]+ (of [\d,]+ )?rows.*\n/gm, '') }).toEqual({
      status: 0,
      stderr: '',
    });
    const ids = idsOf(world.linesOf(`${name}.jsonl`));
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is read by its filters where the account refuses a list without one', async () => {
    const world = await open({ behaviours: { strictFilters: true } });
    await world.run('export', 'tasks');
    expect(idsOf(world.linesOf('tasks.jsonl'))).toEqual(
      world.sandbox
        .rows(taskType)
        .map(({ id }) => id)
        .sort(),
    );
  });
});

describe('records that are deleted and created meanwhile', () => {
  test('let no other record be missed or come twice', async () => {
    const world = await open({ seed: contactsSeed(950) });
    const { sandbox } = world;
    let created = 2000;
    let pages = 0;
    sandbox.behaviours.onRequest = (request) => {
      if (!request.includes('page=')) return;
      pages += 1;
      if (pages % 3 === 0)
        for (let each = 0; each < 5; each += 1) sandbox.remove(contactType, String(5950 - pages * 7 - each));
      if (pages % 4 === 0) putContact(sandbox, created++);
    };
    expect((await world.run('export', 'contacts', '--fields', 'displayName')).status).toBe(0);
    const ids = idsOf(world.linesOf('contacts.jsonl'));
    expect(new Set(ids).size).toBe(ids.length);
    const last = `${5000 + created - 1}`;
    expect(allIds(world).filter((id) => !ids.includes(id) && id !== last)).toEqual([]);
    expect(pageCalls(world)).toBeLessThan(30);
  });
});

describe('an interrupted export', () => {
  test.each(deepCases(['SIGKILL', 'SIGTERM', 'SIGINT'] as const, 1))('goes on after %s', async (signal) => {
    const world = await open({ seed: contactsSeed(1500) });
    const args = ['export', 'contacts', '--out', 'all.csv', '--fields', 'displayName,cf_tier'];
    const { child, ended, written } = world.start(args);
    let pages = 0;
    world.sandbox.behaviours.onRequest = (request) => {
      if (!/view/.test(request)) return;
      pages += 1;
      if (pages === 7) child.kill(signal);
    };
    const { status } = await ended;
    expect(status).not.toBe(0);
    if (signal !== 'SIGKILL') expect(written.stderr).toContain('Run the same command again to go on.');
    const half = world.tableOf('all.csv').length;
    expect(half).toBeLessThan(1500);
    const again = await world.run(...args);
    expect(again.stderr).toContain('Going on with all.csv after ');
    expect(again.status).toBe(0);
    expect(idsOf(world.tableOf('all.csv'))).toEqual(allIds(world));
    expect(pageCalls(world)).toBeLessThanOrEqual(20);
  });

  test('is not mixed with one of other options', async () => {
    const world = await open({ seed: contactsSeed(1500) });
    const { child, ended } = world.start(['export', 'contacts']);
    world.sandbox.behaviours.onRequest = (request) => {
      if (request.includes('page=5')) child.kill('SIGKILL');
    };
    await ended;
    world.sandbox.behaviours.onRequest = () => {};
    const other = await world.run('export', 'contacts', '--fields', 'email');
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('add --restart to begin again') });
    expect((await world.run('export', 'contacts', '--fields', 'email', '--restart')).status).toBe(0);
    expect(idsOf(world.linesOf('contacts.jsonl'))).toEqual(allIds(world));
  });

  test('waits while the quota is spent, says until when, and lets no other write to its file', async () => {
    const world = await open({ seed: contactsSeed(1500), behaviours: { hourlyLimit: 6 } });
    const { child, ended, written } = world.start(['export', 'contacts']);
    while (!written.stderr.includes('The quota is spent.')) await delay(50);
    expect(await world.run('export', 'contacts')).toMatchObject({
      ...{ status: 1, stderr: expect.stringContaining('Another process works on the same file.') },
    });
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    world.sandbox.behaviours.hourlyLimit = 1000;
    expect((await world.run('export', 'contacts')).status).toBe(0);
    expect(idsOf(world.linesOf('contacts.jsonl'))).toEqual(allIds(world));
  });
});

describe('a part of the records', () => {
  test('is what changed at a time or later', async () => {
    const world = await open({ seed: contactsSeed(450) });
    const since = new Date(Date.UTC(2024, 0, 1) + 330 * 60_000).toISOString();
    await world.run('export', 'contacts', '--since', since, '--fields', 'updatedAt');
    expect(idsOf(world.linesOf('contacts.jsonl'))).toEqual(allIds(world).filter((id) => Number(id) >= 5330));
    expect(pageCalls(world)).toBe(3);
  });

  test('is a view or what matches a filter', async () => {
    const world = await open();
    await world.run('export', 'contacts', '--view', 'Recycle Bin', '--out', 'bin.jsonl', '--fields', 'isDeleted');
    expect(idsOf(world.linesOf('bin.jsonl'))).toEqual(idsIn(world, ({ is_deleted }) => is_deleted));
    const country = 'United Kingdom';
    await world.run('export', 'contacts', '--where', JSON.stringify({ country: { is: country } }), '--out', 'uk.jsonl');
    const british = idsIn(world, (row) => row.country === country && !row.is_deleted);
    expect(british.length).toBeGreaterThan(10);
    expect(idsOf(world.linesOf('uk.jsonl'))).toEqual(british);
  });

  test('is selected by names or by a query, with relations', async () => {
    const world = await open(
      {},
      { 'deals.graphql': '{ deals { nodes { name salesAccount { name } contacts { nodes { email } } } } }' },
    );
    await world.run('export', 'deals', '--query', 'deals.graphql');
    expect(world.linesOf('deals.jsonl')[0]).toEqual({
      databaseId: expect.any(String),
      name: expect.any(String),
      salesAccount: expect.anything(),
      contacts: { nodes: expect.any(Array) },
    });
    await world.run('export', 'deals', '--fields', 'name,salesAccount.phone,owner', '--out', 'd.csv');
    expect(world.textOf('d.csv')).toMatch(
      /^databaseId,name,salesAccount\.phone,owner\.databaseId,owner\.displayName\n/,
    );
  });
});

test('continues from the change feed with --watch', async () => {
  const world = await open({ seed: contactsSeed(5) });
  const server = world.start(['serve'], { PORT: '0', WEBHOOK_SECRET: 'a-long-enough-secret' });
  const log = { AUDIT_LOG: 'audit.log' };
  const { child, ended, written } = world.start(['export', 'contacts', '--watch', '--fields', 'displayName'], log);
  while (!written.stderr.includes('Watching')) await delay(50);
  while (!/http:\S+\/graphql/.test(server.written.stdout)) await delay(50);
  const [url = ''] = /http:\S+\/graphql/.exec(server.written.stdout) ?? [];
  world.sandbox.put(contactType, { id: '5003', display_name: 'Renamed' });
  world.sandbox.remove(contactType, '5004');
  for (const [id, event] of [
    ['5003', 'updated'],
    ['5004', 'deleted'],
  ])
    await fetch(url.replace('graphql', `webhooks/freshsales/contact/${event}`), {
      ...{ method: 'POST', headers: { 'x-webhook-secret': 'a-long-enough-secret' }, body: JSON.stringify({ id }) },
    });
  while (world.linesOf('contacts.jsonl').length < 7) await delay(50);
  expect(world.linesOf('contacts.jsonl').slice(5)).toEqual([
    { databaseId: '5003', displayName: 'Renamed' },
    { databaseId: '5004', isDeleted: true },
  ]);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ status: 130, stderr: expect.stringContaining('Run the same command again') });
  const { stdout } = await world.start(['audit', '--json'], log).ended;
  const [exported, ...watched]: AuditEvent[] = JSON.parse(`[${stdout.trim().replaceAll('\n', ',')}]`);
  expect(exported).toMatchObject({ fields: ['export contacts'], reads: [{ what: 'Contact', count: 5 }] });
  expect(new Set(watched.flatMap(({ fields }) => fields))).toEqual(new Set(['export contacts --watch']));
  // Both changes may be read together.
  const reads = watched.flatMap((event) => event.reads);
  expect(reads.flatMap(({ ids }) => ids)).toEqual(['5003', '5004']);
  expect(reads.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(1);
});

test('says that its file was changed meanwhile', async () => {
  const world = await open({ seed: contactsSeed(1500) });
  const { child, ended } = world.start(['export', 'contacts']);
  world.sandbox.behaviours.onRequest = (request) => {
    if (request.includes('page=5')) child.kill('SIGKILL');
  };
  await ended;
  writeFileSync(world.pathOf('contacts.jsonl'), '');
  expect((await world.run('export', 'contacts')).stderr).toContain('contacts.jsonl was changed since');
});
