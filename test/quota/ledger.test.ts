import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call, Priority } from '../../src/freshsales/transport.ts';
import { type AccountLedgerOptions, createAccountLedger } from '../../src/quota/account-ledger.ts';

beforeEach(() => {
  vi.useFakeTimers({
    now: Date.parse('2026-05-10T12:00:00Z'),
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);

function openLedger(options: AccountLedgerOptions = {}) {
  const ledger = createAccountLedger(options);
  const start = async (priority: Priority | 'write' = 'agent', signal?: AbortSignal): Promise<Call> => {
    const call: Call = { method: 'GET', path: 'contacts/1' };
    await ledger.allow(call, { priority, signal });
    ledger.spend(call);
    return call;
  };
  const ask = async (
    priority: Priority | 'write' = 'agent',
    status = 200,
    headers: HeadersInit = {},
  ): Promise<void> => {
    ledger.answered(status, new Headers(headers), await start(priority));
  };
  const askMany = async (count: number, priority: Priority | 'write' = 'agent') => {
    for (let each = 0; each < count; each += 1) await ask(priority);
  };
  return { ledger, start, ask, askMany };
}

const refused = (retryAfter: unknown = expect.any(Number)) =>
  expect.objectContaining({ code: 'RATE_LIMITED', retryAfter });
const told = (remaining: number, more = {}) => ({
  'x-ratelimit-limit': '1000',
  'x-ratelimit-remaining': String(remaining),
  ...more,
});

describe('counting', () => {
  test('counts calls in both windows, those in flight included', async () => {
    const { ledger, ask, start } = openLedger();
    await ask();
    await pass(61);
    await start();
    expect(ledger.hour).toMatchObject({ limit: 1000, used: 2 });
    expect(ledger.minute).toMatchObject({ limit: 400, used: 1 });
  });

  test('gives back a call that was not sent, and none that was sent', async () => {
    const { ledger, start } = openLedger();
    ledger.release?.(await start(), false);
    expect(ledger.hour.used).toBe(0);
    ledger.release?.(await start(), true);
    expect(ledger.hour.used).toBe(1);
  });

  test('adopts the count of Freshsales, calls of other clients included', async () => {
    const { ledger, ask } = openLedger();
    const headers = { 'x-ratelimit-limit': '2000', 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '100526123000' };
    await ask('agent', 200, headers);
    expect(ledger.hour).toEqual({ name: 'hour', limit: 2000, used: 1988, resetAt: new Date('2026-05-10T12:30:00Z') });
  });

  test.each(['100526093000', 'soon', '1778414400'])('ignores a reset of %s', async (reset) => {
    const { ledger, ask } = openLedger();
    await ask('agent', 200, told(5, { 'x-ratelimit-reset': reset }));
    expect(ledger.hour).toMatchObject({ used: 995, resetAt: new Date('2026-05-10T13:00:00Z') });
  });

  test('reads a reset by the clock of Freshsales where the response has a date', async () => {
    const { ledger, ask } = openLedger();
    const date = 'Sun, 10 May 2026 12:10:00 GMT';
    await ask('agent', 200, told(5, { 'x-ratelimit-reset': '100526123000', date }));
    expect(ledger.hour.resetAt).toEqual(new Date('2026-05-10T12:20:00Z'));
  });

  test('lowers the count for a new hour only, not for responses out of order', async () => {
    const { ledger, ask } = openLedger();
    const at = (reset: string) => ({ 'x-ratelimit-reset': reset });
    await ask('agent', 200, told(500, at('100526123000')));
    await ask('agent', 200, told(503, at('100526123000')));
    expect(ledger.hour.used).toBe(500);
    await pass(1801);
    expect(ledger.hour).toMatchObject({ used: 0, resetAt: new Date('2026-05-10T13:30:00Z') });
  });

  test('does not count the report of the hour before in the new one', async () => {
    const { ledger, ask, start } = openLedger();
    await ask('agent', 200, told(10, { 'x-ratelimit-reset': '100526120100' }));
    const late = await start('interactive');
    await pass(61);
    ledger.answered(200, new Headers(told(9, { 'x-ratelimit-reset': '100526120100' })), late);
    expect(ledger.hour.used).toBe(1);
  });
});

describe('refusing', () => {
  test('refuses by its own count, with the seconds until a call no longer counts', async () => {
    const { ask, askMany } = openLedger({ hourlyLimit: 10, reserve: 0 });
    await askMany(5);
    await pass(600);
    await askMany(5);
    await expect(ask()).rejects.toEqual(refused(3000));
    await pass(3000);
    await askMany(5);
    await expect(ask()).rejects.toEqual(refused(600));
  });

  test('refuses until the end of the hour when Freshsales reports that nothing is left', async () => {
    const { ask } = openLedger({ reserve: 0 });
    await ask('agent', 200, told(0, { 'x-ratelimit-reset': '100526123000' }));
    await pass(600);
    await expect(ask()).rejects.toEqual(refused(1200));
    await pass(1200);
    await ask();
  });

  test('reserves calls for writes and interactive callers, and twice as many from bulk jobs', async () => {
    const { ask, askMany } = openLedger({ hourlyLimit: 100 });
    await askMany(80, 'bulk');
    await expect(ask('bulk')).rejects.toEqual(refused());
    await askMany(10, 'agent');
    await expect(ask('agent')).rejects.toEqual(refused());
    await askMany(5, 'interactive');
    await askMany(5, 'write');
    await expect(ask('write')).rejects.toEqual(refused());
  });
});

describe('the minute', () => {
  test('queues short waits in order', async () => {
    const { start, askMany } = openLedger({ minuteLimit: 4, reserve: 0 });
    await askMany(2);
    await pass(57);
    await askMany(2);
    const order: number[] = [];
    const waiting = [1, 2].map(async (each) => {
      await start();
      order.push(each);
    });
    await expect(start()).rejects.toEqual(refused());
    await pass(2.9);
    expect(order).toEqual([]);
    await pass(0.2);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
  });

  test('refuses long waits at once, with the seconds', async () => {
    const { ask, askMany } = openLedger({ minuteLimit: 4, reserve: 0 });
    await askMany(4);
    await pass(10);
    await expect(ask()).rejects.toEqual(refused(50));
  });

  test('takes no call for a caller who hung up while waiting', async () => {
    const { ledger, start, askMany } = openLedger({ minuteLimit: 1, reserve: 0 });
    await askMany(1);
    await pass(57);
    const hangUp = new AbortController();
    const first = start('agent', hangUp.signal);
    hangUp.abort(new Error('aborted'));
    await expect(first).rejects.toThrow('aborted');
    const second = start('agent');
    await pass(3);
    await second;
    expect(ledger.minute.used).toBe(1);
  });

  test('does not queue a call that may use the reserve behind one that may not', async () => {
    const { start, askMany } = openLedger({ minuteLimit: 10, reserve: 0.1 });
    await askMany(9);
    await pass(56);
    const agent = start('agent');
    await start('interactive');
    await pass(5);
    await agent;
  });
});

describe('a 429', () => {
  test('stops all calls for as long as it says, waiting ones included', async () => {
    const { ledger, start, askMany } = openLedger({ minuteLimit: 3, reserve: 0 });
    await askMany(2);
    await pass(57);
    const call = await start();
    const waiting = expect(start()).rejects.toEqual(refused(17));
    ledger.answered(429, new Headers({ 'retry-after': '17' }), call);
    await waiting;
    await expect(start('write')).rejects.toEqual(refused(17));
  });

  test('without a time pauses for a minute, or to the end of a spent hour', async () => {
    const { ask } = openLedger();
    await ask('agent', 429);
    await expect(ask()).rejects.toEqual(refused(60));
    await pass(60);
    await ask('agent', 429, told(0, { 'x-ratelimit-reset': '100526123000' }));
    await expect(ask('write')).rejects.toEqual(refused(1740));
  });

  test('is followed by one call that tries; the others go when it is answered', async () => {
    const { ledger, ask, start } = openLedger();
    await ask('agent', 429);
    await pass(60);
    const probe = await start();
    let through = 0;
    const others = [1, 2, 3].map(async () => {
      await start();
      through += 1;
    });
    await pass(1);
    expect(through).toBe(0);
    ledger.answered(200, new Headers(), probe);
    await pass(0.1);
    await Promise.all(others);
  });

  test('in response to that call refuses those that waited for it', async () => {
    const { ledger, ask, start } = openLedger();
    await ask('agent', 429);
    await pass(60);
    const probe = await start();
    const other = expect(start()).rejects.toEqual(refused(60));
    ledger.answered(429, new Headers(), probe);
    await other;
  });
});
