import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type Delivery, respondWithEvents } from '../../src/server/subscriptions.ts';

/** Results without end, as fast as they are read. */
function open({ lag = 1, slowMs = 100, heartbeatMs = 10_000 } = {}) {
  let made = 0;
  const ended = vi.fn();
  const delivery: Delivery = {
    get cursor() {
      return `cursor-${made}`;
    },
    lag,
    isFinal: true,
    end: ended,
    destroy: vi.fn(),
  };
  async function* results() {
    for (;;) {
      made += 1;
      yield { data: { made } };
    }
  }
  const { body } = respondWithEvents(results(), delivery, { heartbeatMs, slowMs });
  const reader = (body ?? new ReadableStream<Uint8Array>()).getReader();
  onTestFinished(() => reader.cancel());
  const read = async () => {
    const { value, done } = await reader.read();
    return done ? undefined : new TextDecoder().decode(value);
  };
  return { read, ended, reader, made: () => made };
}

test('makes a result only when the last one was read', async () => {
  const { read, made } = open();
  expect(await read()).toBe(':\n\n');
  await delay(20);
  expect(made()).toBe(1);
  expect(await read()).toBe('id: cursor-1\nevent: next\ndata: {"data":{"made":1}}\n\n');
  await delay(20);
  expect(made()).toBe(2);
});

test('disconnects a client that reads nothing while there are changes, and tells it its cursor', async () => {
  const { read, ended, made } = open({ slowMs: 30 });
  await read();
  await expect.poll(() => ended.mock.calls.length).toBe(1);
  expect(made()).toBe(1);
  expect(await read()).toContain('"made":1');
  const last = (await read()) ?? '';
  expect(last).toContain('"code":"SUBSCRIBER_TOO_SLOW","cursor":"cursor-1"');
  expect(await read()).toBe('event: complete\ndata:\n\n');
  expect(await read()).toBeUndefined();
});

test('disconnects at once where too many changes wait', async () => {
  const { ended } = open({ lag: 1001, slowMs: 60_000 });
  await expect.poll(() => ended.mock.calls.length, { timeout: 5000 }).toBe(1);
});

test('leaves a client alone for which nothing waits', async () => {
  const { ended, read } = open({ lag: 0, slowMs: 30 });
  await delay(150);
  expect(ended).not.toHaveBeenCalled();
  expect(await read()).toBe(':\n\n');
});

test('ends the subscription when the client hangs up', async () => {
  const { reader, ended } = open();
  await reader.read();
  await reader.cancel();
  expect(ended).toHaveBeenCalled();
});
