import { expect, test } from 'vitest';
import type { ChangeReport } from '../../src/events/recent-changes.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { openOffice } from '../access/office.ts';
import { subscriber } from './live.ts';

const QUERY = '{ changes { nodes { recordId changedFields } } }';
const SUBSCRIPTION = 'subscription { changes { recordId changedFields } }';

async function open(callers: Record<string, string>) {
  const office = await openOffice(callers);
  const as = (name: string) =>
    subscriber((body, headers, signal) =>
      office.yoga.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${office.tokens[name]}`, ...headers },
        body: JSON.stringify(body),
        signal,
      }),
    );
  const report = (type: ChangeReport['type'], id: string, more: Partial<ChangeReport> = {}) =>
    office.feed.addReports([{ type, id, action: 'updated', source: 'webhook', ...more }]);
  /** The changes that a caller sees, as `Deal/1`. */
  const seen = async (name: string) => {
    const { data } = await office.ask(name, QUERY);
    const { nodes } = (data as unknown as { changes: { nodes: { recordId: string }[] } }).changes;
    return nodes.map(({ recordId }) => recordId.replace('gid://freshsales/', ''));
  };
  return { ...office, as, report, seen };
}

test('a caller sees changes of the types that it may read', async () => {
  const { as, report, seen } = await open({ Reader: 'grants:\n  deals: read' });
  const { next } = await as('Reader')(SUBSCRIPTION);
  await report('Contact', '1');
  await report('Task', '2');
  await report('Deal', '3');
  expect((await next())?.result.data?.changes.recordId).toBe('gid://freshsales/Deal/3');
  expect(await seen('Reader')).toEqual(['Deal/3']);
});

test('a caller that is limited to an owner sees changes of the records of that owner, for one call each', async () => {
  const owner = '31000148397';
  const { as, report, seen, sandbox } = await open({ Rep: `grants:\n  contacts: { access: read, owner: "${owner}" }` });
  const rows = sandbox.rows(contactType);
  const own = rows.find((row) => row.owner_id === owner)?.id ?? '';
  const foreign = rows.find((row) => row.owner_id !== owner)?.id ?? '';
  const all = await Promise.all(Array.from({ length: 20 }, () => as('Rep')(SUBSCRIPTION)));
  await report('Contact', foreign);
  await report('Contact', '999');
  await report('Contact', own);
  for (const { next } of all)
    expect((await next())?.result.data?.changes.recordId).toBe(`gid://freshsales/Contact/${own}`);
  const reads = (id: string) => sandbox.requests.filter((line) => line.startsWith(`GET /contacts/${id}`));
  expect([reads(own).length, reads(foreign).length]).toEqual([1, 1]);
  expect(await seen('Rep')).toEqual([`Contact/${own}`]);
});

test('a caller learns of changed fields only what it may read', async () => {
  const { as, report, ask } = await open({
    Reader:
      'grants:\n  deals: { access: read, fields: [name, stage, customFields], hideCustomFields: [cf_secret] }\n  lookups: read',
  });
  const { next } = await as('Reader')(SUBSCRIPTION);
  await report('Deal', '3', { fields: ['amount', 'deal_stage_id', 'cf_secret', 'cf_open', 'no_such_column'] });
  expect((await next())?.result.data?.changes.changedFields).toEqual(['stage', 'cf_open']);
  expect((await ask('Reader', QUERY)).data).toMatchObject({
    changes: { nodes: [{ changedFields: ['stage', 'cf_open'] }] },
  });
});

test('what a key cannot read is not announced as deleted, and its callers see changes of the records that it can read', async () => {
  const { ask, report, seen, sandbox } = await open({
    Admin: 'grants:\n  contacts: read',
    Restricted: 'key: ANOTHER_KEY\ngrants:\n  contacts: read',
  });
  const [one = '', other = ''] = sandbox.rows(contactType).map(({ id }) => id);
  await report('Contact', one);
  await report('Contact', other);
  sandbox.failNext(/GET \/contacts/, { status: 404 });
  const { data } = await ask('Restricted', `{ contact(id: "${one}") { jobTitle } }`);
  expect(data).toEqual({ contact: null });
  expect(await seen('Restricted')).toEqual([`Contact/${other}`]);
  expect(await seen('Admin')).toEqual([`Contact/${one}`, `Contact/${other}`]);
});

test('the selection of a record is checked as for reads', async () => {
  const { as } = await open({ Reader: 'grants:\n  deals: { access: read, fields: [name] }' });
  const { next } = await as('Reader')('subscription { changes { record { ... on Deal { amount } } } }');
  expect((await next())?.result.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});

test('a caller that is removed gets no more changes', async () => {
  const { as, report, write } = await open({ Reader: 'grants:\n  deals: read', Other: 'grants:\n  deals: read' });
  const { next } = await as('Reader')(SUBSCRIPTION);
  await report('Deal', '1');
  expect((await next())?.result.data?.changes.recordId).toBe('gid://freshsales/Deal/1');
  write({ Other: 'grants:\n  deals: read' });
  let id = 1;
  await expect
    .poll(async () => {
      id += 1;
      await report('Deal', String(id));
      return (await next())?.result.errors;
    })
    .toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  expect(await next()).toMatchObject({ event: 'complete' });
});

test('a grant that is withdrawn ends a subscription that needs it', async () => {
  const { as, report, write } = await open({ Reader: 'grants:\n  deals: read' });
  const { next } = await as('Reader')('subscription { changes { recordId record { ... on Deal { amount } } } }');
  write({ Reader: 'grants:\n  deals: { access: read, fields: [name] }' });
  let id = 1;
  await expect
    .poll(async () => {
      id += 1;
      await report('Deal', String(id));
      return (await next())?.result.errors?.[0]?.extensions.code;
    })
    .toBe('FORBIDDEN');
});

test('the audit log has a line for a subscription and for each delivery, with the record that was read', async () => {
  const { as, report, audited, sandbox } = await open({ Reader: 'grants:\n  deals: read' });
  const id = sandbox.rows(dealType)[0]?.id ?? '';
  const { next } = await as('Reader')('subscription { changes { record { ... on Deal { name } } } }');
  await report('Deal', id);
  await next();
  const lines = () => audited().filter(({ operation }) => operation === 'subscription');
  await expect.poll(() => lines().length).toBe(2);
  expect(lines()).toMatchObject([
    { caller: 'Reader', decision: 'allowed', fields: ['changes'], reads: [], calls: 0 },
    { caller: 'Reader', decision: 'allowed', reads: [{ what: 'Deal', id }], calls: 1 },
  ]);
});
