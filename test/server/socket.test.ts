import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** The server on a real socket. */
async function listen() {
  const world = openWorld();
  const server = createHttpServer(world.yoga);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const post = (query: string, signal?: AbortSignal) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      ...(signal && { signal }),
    });
  return { ...world, url, post };
}

test('a client that disconnects stops the work', async () => {
  const { sandbox, post } = await listen();
  sandbox.failNext(/view/, { status: 500, delay: 1500 });
  const hangUp = new AbortController();
  const answer = post('{ contacts(view: 31003548176, first: 3) { nodes { activities { type } } } }', hangUp.signal);
  await setTimeout(200);
  hangUp.abort();
  await expect(answer).rejects.toThrow();
  await setTimeout(1800);
  expect(sandbox.requests).toEqual(['GET /contacts/view/31003548176?page=1&per_page=3']);
  expect((await post('{ rateLimit { limit } }')).status).toBe(200);
});

test('a hundred concurrent callers share common calls', async () => {
  const { sandbox, post } = await listen();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => post('{ owners { displayName } dealStages { name } }')),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(sandbox.requests.toSorted()).toEqual(['GET /selector/deal_stages', 'GET /selector/owners']);
});

test('a body without Content-Length is read to the limit, and answered beyond it', async () => {
  const { url } = await listen();
  const send = (size: number) => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let sent = 0; sent < size; sent += 50_000)
          controller.enqueue(new TextEncoder().encode(' '.repeat(50_000)));
        controller.enqueue(new TextEncoder().encode('{"query":"{ rateLimit { limit } }"}'));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
    return fetch(url, init as RequestInit);
  };
  expect((await send(500_000)).status).toBe(200);
  expect((await send(2_000_000)).status).toBe(413);
});

test('accepts media types in upper case', async () => {
  const { url } = await listen();
  const init = { method: 'POST', headers: { 'content-type': 'APPLICATION/JSON' } };
  const answer = await fetch(url, { ...init, body: '{"query":"{ rateLimit { limit } }"}' });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ data: { rateLimit: { limit: expect.any(Number) } } });
});
