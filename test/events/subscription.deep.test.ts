import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { isDeep } from '../property.ts';
import { openLive } from './live.ts';

const CHANGES =
  'subscription ($after: String, $types: [ChangeType!], $ids: [ID!]) { changes(after: $after, types: $types, ids: $ids) { cursor type action recordId source } }';
const WITH_RECORD = 'subscription { changes { recordId record { ... on Contact { id jobTitle } } } }';

const gid = (type: string, id: string | number) => `gid://freshsales/${type}/${id}`;

test('delivers a change when its webhook arrives, for no call', async () => {
  const { subscribe, hook, sandbox } = openLive();
  const { response, next } = await subscribe(CHANGES);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  await hook('/deal/updated', { id: 7 });
  const delivered = await next();
  expect(delivered).toMatchObject({
    event: 'next',
    result: {
      data: { changes: { type: 'DEAL', action: 'UPDATED', recordId: gid('Deal', 7), source: 'WEBHOOK' } },
      extensions: { cost: { actualQueryCost: 0 } },
    },
  });
  expect(delivered?.id).toBe(delivered?.result.data?.changes.cursor);
  expect(sandbox.requests).toEqual([]);
});

test('delivers writes of this API', async () => {
  const { subscribe, ask, sandbox } = openLive();
  const id = sandbox.rows(contactType)[0]?.id ?? '';
  const { next } = await subscribe(CHANGES);
  await ask(`mutation { updateContact(id: "${id}", input: { jobTitle: "x" }) { userErrors { message } } }`);
  expect(await next()).toMatchObject({
    result: { data: { changes: { recordId: gid('Contact', id), source: 'MUTATION' } } },
  });
});

describe('resumes', () => {
  test('after a cursor, and after the id of the last event', async () => {
    const { subscribe, hook } = openLive();
    const first = await subscribe(CHANGES);
    await hook('/deal/updated', { id: 1 });
    const { id: cursor = '' } = (await first.next()) ?? {};
    await first.stop();
    await hook('/deal/updated', { id: 2 });
    await hook('/deal/updated', { id: 3 });
    const byCursor = await subscribe(CHANGES, { after: cursor });
    const byId = await subscribe(CHANGES, {}, { 'last-event-id': cursor });
    for (const { next } of [byCursor, byId])
      for (const id of [2, 3]) expect((await next())?.result.data?.changes.recordId).toBe(gid('Deal', id));
    await hook('/deal/updated', { id: 4 });
    expect((await byCursor.next())?.result.data?.changes.recordId).toBe(gid('Deal', 4));
  });

  test('not after a cursor of another feed', async () => {
    const other = openLive();
    await other.hook('/deal/updated', { id: 1 });
    const { data } = await other.ask('{ changes { pageInfo { endCursor } } }');
    const { endCursor } = (data.changes as { pageInfo: { endCursor: string } }).pageInfo;
    const { next } = await openLive().subscribe(CHANGES, { after: endCursor });
    expect((await next())?.result.errors).toMatchObject([{ extensions: { syncFrom: expect.any(String) } }]);
    expect(await next()).toMatchObject({ event: 'complete' });
    expect(await next()).toBeUndefined();
  });
});

test('delivers only the types and records that were asked for', async () => {
  const { subscribe, hook } = openLive();
  const byType = await subscribe(CHANGES, { types: ['CONTACT'] });
  const byId = await subscribe(CHANGES, { ids: [gid('Deal', 2), '3'] });
  for (const id of [1, 2, 3]) await hook('/deal/updated', { id });
  await hook('/contact/updated', { id: 4 });
  expect((await byType.next())?.result.data?.changes.recordId).toBe(gid('Contact', 4));
  expect((await byId.next())?.result.data?.changes.recordId).toBe(gid('Deal', 2));
  expect((await byId.next())?.result.data?.changes.recordId).toBe(gid('Deal', 3));
});

test.each([
  [{ ids: [gid('Product', 1)] }, 'Changes of Product records are not known'],
  [{ ids: ['x'] }, 'is not a global id'],
  [{ ids: Array.from({ length: 501 }, (_each, id) => gid('Deal', id)) }, 'Use at most 500'],
])('refuses %o', async (variables, message) => {
  const { next } = await openLive().subscribe(CHANGES, variables);
  expect((await next())?.result.errors).toMatchObject([
    { message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('needs a client that accepts events', async () => {
  const { post } = openLive();
  const response = await post({ query: CHANGES }, { accept: 'application/json' });
  expect(response.status).toBe(406);
  expect(await response.text()).toContain('accept: text/event-stream');
});

/** A thousand in `npm run test:deep`. */
const SUBSCRIBERS = isDeep ? 1000 : 200;

test('many subscribers to one change cost one call', async () => {
  const { subscribe, hook, sandbox } = openLive({ server: { subscriptionsPerCaller: SUBSCRIBERS } });
  const id = sandbox.rows(contactType)[0]?.id ?? '';
  const all = await Promise.all(Array.from({ length: SUBSCRIBERS }, () => subscribe(WITH_RECORD)));
  await hook('/contact/updated', { id });
  const delivered = await Promise.all(all.map(({ next }) => next()));
  expect(new Set(delivered.map((each) => JSON.stringify(each?.result.data)))).toEqual(
    new Set([
      JSON.stringify({
        changes: {
          recordId: gid('Contact', id),
          record: { id: gid('Contact', id), jobTitle: sandbox.get(contactType, id)?.job_title },
        },
      }),
    ]),
  );
  expect(sandbox.requests).toEqual([`GET /contacts/${id}`]);
});

test('a caller may have so many subscriptions, and a new one when one has ended', async () => {
  const { subscribe } = openLive({ server: { subscriptionsPerCaller: 2 } });
  const [first] = [await subscribe(CHANGES), await subscribe(CHANGES)];
  const third = await subscribe(CHANGES);
  expect(third.response.status).toBe(429);
  expect(await third.response.clone().text()).toContain('SUBSCRIPTIONS_PER_CALLER');
  await first.stop();
  await expect.poll(async () => (await subscribe(CHANGES)).response.status).toBe(200);
});

test('ends when the server stops, without complete, so that clients subscribe again', async () => {
  const { subscribe, endSubscriptions, hook } = openLive();
  const { next } = await subscribe(CHANGES);
  await hook('/deal/updated', { id: 7 });
  await next();
  endSubscriptions();
  expect(await next()).toBeUndefined();
  const { response } = await subscribe(CHANGES);
  expect(response.status).toBe(429);
});

test('an error in a record leaves the change and the stream', async () => {
  const { subscribe, hook, sandbox } = openLive();
  const id = sandbox.rows(contactType)[0]?.id ?? '';
  const { next } = await subscribe(WITH_RECORD);
  sandbox.failNext(/GET \/contacts/, { status: 500 });
  await hook('/contact/updated', { id });
  expect(await next()).toMatchObject({
    result: {
      data: { changes: { recordId: gid('Contact', id), record: null } },
      errors: [{ extensions: { code: 'UPSTREAM_ERROR' } }],
    },
  });
  await hook('/deal/updated', { id: 8 });
  expect((await next())?.result.data?.changes.recordId).toBe(gid('Deal', 8));
});

test('a key that nobody checked gets changes of the records that it can read', async () => {
  const { subscribe, hook, sandbox, ask } = openLive({ isForeignKey: true });
  const id = sandbox.rows(contactType)[0]?.id ?? '';
  const { next } = await subscribe(CHANGES);
  await hook('/contact/updated', { id: 999 });
  await hook('/note/created', { id: 5 });
  await hook('/contact/updated', { id });
  expect((await next())?.result.data?.changes.recordId).toBe(gid('Contact', id));
  const { data } = await ask('{ changes { nodes { recordId } } }');
  expect(data.changes).toEqual({ nodes: [{ recordId: gid('Contact', id) }] });
});

test('a key that Freshsales does not accept ends the subscription, with the first change', async () => {
  const { subscribe, hook, sandbox, ask } = openLive({ isForeignKey: true, apiKey: 'another-key' });
  const { next } = await subscribe(CHANGES);
  await hook('/contact/updated', { id: 7 });
  await hook('/contact/updated', { id: 8 });
  expect((await next())?.result.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  expect((await next())?.event).toBe('complete');
  expect(sandbox.requests).toHaveLength(1);
  const { data, errors } = await ask('{ changes { nodes { recordId } } }');
  expect([data.changes, errors?.[0]?.extensions.code]).toEqual([null, 'UNAUTHENTICATED']);
});

test('a plan costs nothing and delivers nothing', async () => {
  const { subscribe } = openLive();
  const { next } = await subscribe(WITH_RECORD, {}, { 'x-freshsales-dry-run': '1' });
  expect((await next())?.result).toMatchObject({ data: null, extensions: { plan: { allowed: true } } });
});

test('limits of documents apply', async () => {
  const { post } = openLive();
  const aliases = Array.from({ length: 60 }, (_each, index) => `a${index}: recordId`).join(' ');
  const response = await post({ query: `subscription { changes { ${aliases} } }` }, { accept: 'text/event-stream' });
  expect(await response.text()).toContain('errors');
  const two = await post(
    { query: 'subscription { a: changes { type } b: changes { type } }' },
    { accept: 'text/event-stream' },
  );
  expect(await two.text()).toContain('must select only one top level field');
});

test('waits without work while nothing changes', async () => {
  const { subscribe, hook } = openLive();
  const { next } = await subscribe(CHANGES);
  const pending = next();
  await delay(400);
  await hook('/deal/updated', { id: 7 });
  expect((await pending)?.result.data?.changes.recordId).toBe(gid('Deal', 7));
});
