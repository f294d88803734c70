import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { ask as callTool, connect as connectMcp } from '../mcp/listen.ts';
import { type Delivered, listen, type openLive } from './live.ts';

/** A subscription of which nothing is read after its beginning, until it is resumed. */
async function subscribeWithoutReading(port: number, query: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  onTestFinished(() => {
    socket.destroy();
  });
  socket.on('error', () => {});
  const body = JSON.stringify({ query });
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(socket, 'data');
  return socket.pause();
}

/** Changes of 100 kB each, so that the buffers of the sockets are soon full. */
const LARGE = `subscription { changes { cursor recordId ${Array.from({ length: 450 }, (_each, index) => `${'a'.repeat(190)}${index}: recordId`).join(' ')} } }`;

const LIMITS = { maxAliases: 500 };

/** Adds changes of as many deals. */
const addChanges = ({ feed }: Pick<ReturnType<typeof openLive>, 'feed'>, count: number): Promise<void> =>
  feed.addReports(
    Array.from({ length: count }, (_each, index) => ({
      ...{ type: 'Deal', action: 'updated', source: 'webhook' },
      id: String(index + 1),
    })),
  );

const dealIn = (delivered: { result: Delivered } | undefined): unknown =>
  String(delivered?.result.data?.changes.recordId).replace('gid://freshsales/Deal/', '');

test('a client that stops reading is told its cursor and disconnected, and misses nothing when it resumes', async () => {
  const live = await listen({ server: { subscriptionsPerCaller: 2, limits: LIMITS } });
  const socket = await subscribeWithoutReading(live.port, LARGE);
  const quick = await live.subscribe('subscription { changes { recordId } }');
  await addChanges(live, 1200);
  // Others get everything meanwhile.
  for (let id = 1; id <= 1200; id += 1) expect(dealIn(await quick.next())).toBe(String(id));
  // The slow one no longer counts.
  const another = async () => (await live.subscribe('subscription { changes { type } }')).response.status;
  await expect.poll(another, { timeout: 5000 }).toBe(200);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.resume();
  await expect.poll(() => text.includes('event: complete'), { timeout: 5000 }).toBe(true);
  const received = text.match(/"cursor":"[^"]*","recordId":"[^"]*"/g) ?? [];
  const [, cursor = ''] = /"code":"SUBSCRIBER_TOO_SLOW","cursor":"([\w-]+)"/.exec(text) ?? [];
  expect(received.length).toBeGreaterThan(0);
  expect(received.length).toBeLessThan(200);
  expect(received.at(-1)).toContain(cursor);
  const { subscribe } = await listen({ log: live.log });
  const resumed = await subscribe('subscription ($after: String) { changes(after: $after) { recordId } }', {
    after: cursor,
  });
  expect(dealIn(await resumed.next())).toBe(String(received.length + 1));
});

test('the connection of a client that never reads is closed', async () => {
  const live = await listen({ server: { eventStreamTimes: { graceMs: 100 }, limits: LIMITS } });
  const socket = await subscribeWithoutReading(live.port, LARGE);
  expect(await live.connections()).toBe(1);
  await addChanges(live, 1200);
  await expect.poll(() => live.connections(), { timeout: 10_000 }).toBe(0);
  expect(socket.destroyed).toBe(false);
});

test('many subscribers on sockets to one change cost one call', async () => {
  const live = await listen({ server: { subscriptionsPerCaller: 200 } });
  const id = live.sandbox.rows(contactType)[0]?.id ?? '';
  const query = 'subscription { changes { recordId record { ... on Contact { id jobTitle } } } }';
  const all = await Promise.all(Array.from({ length: 200 }, () => live.subscribe(query)));
  await live.hook('/contact/updated', { id });
  const delivered = await Promise.all(all.map(({ next }) => next()));
  expect(new Set(delivered.map((each) => JSON.stringify(each?.result.data))).size).toBe(1);
  expect(delivered[0]?.result.data?.changes.record).toEqual({
    id: `gid://freshsales/Contact/${id}`,
    jobTitle: live.sandbox.get(contactType, id)?.job_title,
  });
  expect(live.sandbox.requests).toEqual([`GET /contacts/${id}`]);
});

test('a write of an agent is a change', async () => {
  const live = await listen();
  const id = live.sandbox.rows(contactType)[0]?.id ?? '';
  const client = await connectMcp(`http://127.0.0.1:${live.port}/mcp`);
  const query = `mutation { updateContact(id: "${id}", input: { jobTitle: "x" }) { userErrors { message } } }`;
  expect(await callTool(client, 'mutate', { query })).toMatchObject({ data: { updateContact: { userErrors: [] } } });
  await client.close();
  expect(await live.changes()).toEqual([`Contact/${id} UPDATED MUTATION`]);
});
