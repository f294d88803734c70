import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { FreshsalesError } from '../../src/freshsales/errors.ts';
import type { Priority } from '../../src/freshsales/transport.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import { createSandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { deepCases } from '../property.ts';

beforeEach(() => {
  vi.useFakeTimers({
    now: Date.parse('2026-06-15T10:37:12Z'),
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

const HOUR = 3_600_000;

const CALLERS = 30;

/** Thousands of calls take a while on a busy machine. */
const SLOW = 120_000;
const PRIORITIES: readonly Priority[] = ['interactive', 'agent', 'bulk'];

/** Puts an account under more load than its quota allows. Returns the responses of Freshsales and the refusals of the ledger. */
async function overload(behaviours: SandboxOptions['behaviours'], hours: number) {
  const sandbox = createSandbox({ seed: false, behaviours: behaviours ?? {} });
  const answers: { at: number; status: number }[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await sandbox.fetch(input, init);
    // Freshsales counts a call when it arrives; the response takes some time.
    const at = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 80 + (answers.length % 7) * 60));
    answers.push({ at, status: response.status });
    return response;
  };
  const ledger = createAccountLedger();
  const freshsales = createFreshsales({ baseURL: sandbox.baseURL, apiKey: 'k', fetch, ledger });
  const end = Date.now() + hours * HOUR;
  const refusals: { error: unknown; priority: Priority }[] = [];
  const served = { interactive: 0, agent: 0, bulk: 0 };
  const work = async (priority: Priority) => {
    while (Date.now() < end) {
      const result = await freshsales
        .for({ priority })
        .search('a', ['contact'], 1)
        .catch((error: unknown) => error);
      if (result instanceof Error) refusals.push({ error: result, priority });
      else served[priority] += 1;
      const wait = result instanceof FreshsalesError ? (result.retryAfter ?? 1) * 1000 : 200;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  };
  const all = Array.from({ length: CALLERS }, (_each, index) => work(PRIORITIES[index % PRIORITIES.length] ?? 'agent'));
  await vi.advanceTimersByTimeAsync(hours * HOUR + HOUR);
  await Promise.all(all);
  return { answers, refusals, served };
}

const accounts: readonly [string, SandboxOptions['behaviours']][] = [
  ['without rate limit headers', { rateLimitHeaders: false }],
  ['with rate limit headers', {}],
  ['with a larger plan than configured', { hourlyLimit: 2000 }],
];

test.each(deepCases(accounts, 1))(
  'under overload, %s, Freshsales never answers 429, and refusals say when to retry',
  async (_what, behaviours) => {
    const { answers, refusals, served } = await overload(behaviours, 2);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(refusals.length).toBeGreaterThan(0);
    for (const { error } of refusals)
      expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfter: expect.any(Number) });
    // The allowed calls are used up.
    expect(answers.length).toBeGreaterThan(1000);
    expect(Object.values(served).every((count) => count > 0)).toBe(true);
  },
  SLOW,
);

test(
  'after a 429, an account with a smaller plan than configured is called once a minute',
  async () => {
    const { answers } = await overload({ hourlyLimit: 150, rateLimitHeaders: false }, 1);
    const refused = answers.filter(({ status }) => status === 429).map(({ at }) => at);
    // Calls that are in flight at the first 429 cannot be cancelled. The hour of load spans two clock hours.
    const alone = refused.filter((at) => refused.every((other) => other === at || Math.abs(other - at) >= 60_000));
    const together = refused.length - alone.length;
    expect(alone.length).toBeGreaterThan(30);
    expect(together).toBeLessThanOrEqual(2 * CALLERS);
  },
  SLOW,
);
