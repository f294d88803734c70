import { expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { openLive } from './live.ts';

const PAGE = '{ contacts(first: 5) { nodes { jobTitle } } }';

function open(cache: Parameters<typeof openLive>[0] = {}) {
  let now = 0;
  const live = openLive({ cache: { now: () => now, ...cache.cache } });
  const wait = (seconds: number) => {
    now += seconds * 1000;
  };
  const ids = live.sandbox.rows(contactType).map(({ id }) => id);
  const read = (id = '') => live.ask(`{ contact(id: "${id}") { jobTitle } }`);
  return { ...live, wait, read, one: ids[0] ?? '', two: ids[1] ?? '' };
}

test('a webhook invalidates its record and the lists of its type, and nothing else', async () => {
  const { hook, read, ask, one, two } = open();
  const deals = '{ deals(first: 5) { nodes { name } } }';
  await read(one);
  await read(two);
  await ask(PAGE);
  await ask(deals);
  await hook('/contact/updated', { id: one });
  expect((await read(two)).requests).toEqual([]);
  expect((await ask(deals)).requests).toEqual([]);
  expect((await read(one)).requests).toEqual([`GET /contacts/${one}`]);
  expect((await ask(PAGE)).requests).toHaveLength(1);
});

test('a new record invalidates relations that may show it', async () => {
  const { hook, ask, one, two } = open();
  const withDeals = `{ contact(id: "${one}") { deals { nodes { name } } } }`;
  await ask(withDeals);
  await ask(`{ contact(id: "${two}") { jobTitle } }`);
  await hook('/deal/created', { id: 999 });
  expect((await ask(withDeals)).requests.length).toBeGreaterThan(0);
  expect((await ask(`{ contact(id: "${two}") { jobTitle } }`)).requests).toEqual([]);
});

test('records are cached for ten minutes while webhooks arrive for their type, and for one without', async () => {
  const { hook, read, wait, one, two } = open();
  await read(one);
  wait(61);
  expect((await read(one)).requests).toHaveLength(1);
  await hook('/contact/updated', { id: two });
  wait(61);
  expect((await read(one)).requests).toHaveLength(1);
  wait(500);
  expect((await read(one)).requests).toEqual([]);
  wait(101);
  expect((await read(one)).requests).toHaveLength(1);
  // No webhook for a day.
  wait(86_400);
  await read(one);
  wait(61);
  expect((await read(one)).requests).toHaveLength(1);
});

test('a dashboard over a quiet account costs nothing', async () => {
  const { hook, ask, wait, two } = open();
  await hook('/contact/updated', { id: two });
  await ask(PAGE);
  for (let minute = 0; minute < 9; minute += 1) {
    wait(60);
    expect((await ask(PAGE)).requests).toEqual([]);
  }
});

test('responses with other types live longer only if these are live as well', async () => {
  const { hook, ask, wait, one } = open();
  const query = `{ contact(id: "${one}") { deals { nodes { name } } } }`;
  await hook('/contact/updated', { id: 1 });
  await ask(query);
  wait(61);
  expect((await ask(query)).requests.length).toBeGreaterThan(0);
  // Deals come with their accounts.
  for (const type of ['deal', 'sales_account']) await hook(`/${type}/updated`, { id: 1 });
  wait(61);
  await ask(query);
  wait(300);
  expect((await ask(query)).requests).toEqual([]);
});

test('polls and writes make no type live', async () => {
  const { feed, read, wait, one } = open();
  await feed.addReports([{ type: 'Contact', id: '1', action: 'updated', source: 'poll' }]);
  await feed.addWrites([{ type: 'Contact', id: '1', action: 'updated' }], performance.now());
  await read(one);
  wait(61);
  expect((await read(one)).requests).toHaveLength(1);
});

test('a flood invalidates as well', async () => {
  const { feed, read, ask, one } = open();
  await read(one);
  await ask(PAGE);
  for (let id = 1; id <= 21_000; id += 500)
    await feed.addReports(
      Array.from({ length: 500 }, (_each, index) => ({
        ...({ type: 'Deal', action: 'updated', source: 'webhook' } as const),
        id: String(id + index),
      })),
    );
  await feed.addReports([{ type: 'Contact', id: one, action: 'updated', source: 'webhook' }]);
  expect((await read(one)).requests).toEqual([`GET /contacts/${one}`]);
});
