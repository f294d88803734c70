import { expect, onTestFinished, test } from 'vitest';
import { Poller } from '../../src/events/poller.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { openLive } from './live.ts';

function open() {
  const live = openLive();
  const poller = new Poller({ account: live.account, feed: live.feed, everyMs: 1000 });
  onTestFinished(() => poller.stop());
  /** Requests that a poll makes, without those for the views. */
  const poll = async () => {
    const before = live.sandbox.requests.length;
    const found = await poller.poll();
    const requests = live.sandbox.requests.slice(before).filter((line) => !line.includes('/filters'));
    return { found, requests };
  };
  const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z/, 'Z');
  const touch = (id: string, updated_at: string) =>
    live.sandbox.put(contactType, { ...live.sandbox.get(contactType, id), id, updated_at });
  const ids = live.sandbox.rows(contactType).map(({ id }) => id);
  return { ...live, poller, poll, later, touch, ids };
}

test('costs one call per type while nothing changes, and finds nothing the first time', async () => {
  const { poll, changes } = open();
  expect(await poll()).toMatchObject({ found: 0 });
  const { found, requests } = await poll();
  expect(found).toBe(0);
  expect(requests).toEqual([
    expect.stringMatching(/^GET \/contacts\/view\/\d+\?page=1&per_page=100&sort=updated_at&sort_type=desc$/),
    expect.stringMatching(/^GET \/sales_accounts\/view\//),
    expect.stringMatching(/^GET \/deals\/view\//),
  ]);
  expect(await changes()).toEqual([]);
});

test('finds updated and new records, in the order of their updates, once each', async () => {
  const { poll, changes, touch, later, ids, sandbox } = open();
  await poll();
  const [one = '', two = ''] = ids;
  touch(one, later(10));
  touch(two, later(20));
  const created = sandbox.put(contactType, {
    id: '99',
    last_name: 'New',
    created_at: later(30),
    updated_at: later(30),
  });
  expect(await poll()).toMatchObject({ found: 3 });
  const found = [`Contact/${one} UPDATED POLL`, `Contact/${two} UPDATED POLL`, `Contact/${created.id} CREATED POLL`];
  expect(await changes()).toEqual(found);
  expect(await poll()).toMatchObject({ found: 0 });
  expect(await changes()).toEqual(found);
});

test('finds records of the same second that come later', async () => {
  const { poll, changes, touch, later, ids } = open();
  await poll();
  const [one = '', two = '', three = ''] = ids;
  const second = later(10);
  touch(one, second);
  await poll();
  touch(two, second);
  touch(three, second);
  expect(await poll()).toMatchObject({ found: 2 });
  expect(await poll()).toMatchObject({ found: 0 });
  expect((await changes()).toSorted()).toEqual([one, two, three].map((id) => `Contact/${id} UPDATED POLL`).toSorted());
});

test('finds no change that a write or a webhook has announced', async () => {
  const { poll, changes, ask, hook, touch, ids } = open();
  await poll();
  const [one = '', two = ''] = ids;
  await ask(`mutation { updateContact(id: "${one}", input: { jobTitle: "x" }) { userErrors { message } } }`);
  await hook('/contact/updated', { id: two });
  touch(two, new Date().toISOString().replace(/\.\d+Z/, 'Z'));
  expect(await poll()).toMatchObject({ found: 0 });
  expect(await changes()).toEqual([`Contact/${one} UPDATED MUTATION`, `Contact/${two} UPDATED WEBHOOK`]);
});

test('looks into the recycle bin every tenth time', async () => {
  const { poll, changes, sandbox } = open();
  for (let count = 0; count < 10; count += 1) await poll();
  const id = sandbox.rows(dealType)[0]?.id ?? '';
  sandbox.remove(dealType, id);
  const counts: number[] = [];
  for (let count = 0; count < 10; count += 1) counts.push((await poll()).requests.length);
  expect(counts).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3, 6]);
  expect(await changes()).toEqual([`Deal/${id} DELETED POLL`]);
});

test('reads on where there are more changes than a page has', async () => {
  const { poll, changes, sandbox, later } = open();
  await poll();
  for (let id = 1; id <= 150; id += 1)
    sandbox.put(contactType, { id: String(id), last_name: 'New', created_at: later(id), updated_at: later(id) });
  const { found, requests } = await poll();
  expect(found).toBe(150);
  expect(requests.filter((line) => line.includes('/contacts/'))).toHaveLength(2);
  expect(await changes()).toHaveLength(150);
});

test('invalidates what it finds', async () => {
  const { poll, ask, touch, later, ids } = open();
  await poll();
  const [one = ''] = ids;
  const query = `{ contact(id: "${one}") { jobTitle } }`;
  await ask(query);
  expect((await ask(query)).requests).toEqual([]);
  touch(one, later(10));
  await poll();
  expect((await ask(query)).requests).toEqual([`GET /contacts/${one}`]);
});

test('stops at the reserve', async () => {
  const { poll, sandbox } = open();
  await poll();
  sandbox.behaviours.hourlyLimit = 5;
  await expect(
    (async () => {
      for (let count = 0; count < 5; count += 1) await poll();
    })(),
  ).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

const SOON = new Date(Date.now() + 60_000).toISOString();

test.each([
  ['an empty page', []],
  ['rows without times', [{ id: 1 }, { id: 2, updated_at: 'soon' }]],
  ['a row without an id', [{ updated_at: SOON }, { id: 'x/y', updated_at: SOON }]],
  ['a time in the future', [{ id: 1, updated_at: '2099-01-01T00:00:00Z' }]],
])('is not misled by %s: no record is announced for it, then or later', async (_what, contacts) => {
  const { poll, changes, touch, later, ids, sandbox } = open();
  await poll();
  sandbox.failNext(/contacts.view/, { status: 200, body: { contacts, meta: { total: contacts.length } } });
  expect(await poll()).toMatchObject({ found: 0 });
  expect(await poll()).toMatchObject({ found: 0 });
  expect(await changes()).toEqual([]);
  const [one = ''] = ids;
  touch(one, later(10));
  await poll();
  expect(await changes()).toEqual([`Contact/${one} UPDATED POLL`]);
});
