import { expect, test } from 'vitest';
import { createLedger } from '../../src/quota/ledger.ts';

const call = { method: 'GET', path: 'contacts/1' } as const;

function ledgerAt(start: string, limits = {}) {
  let now = new Date(start);
  const ledger = createLedger({ ...limits, now: () => now });
  return { ledger, pass: (seconds: number) => (now = new Date(now.getTime() + seconds * 1000)) };
}

test('counts calls in both windows, each with its own end', () => {
  const { ledger, pass } = ledgerAt('2026-05-10T12:00:00Z');
  ledger.spend(call);
  pass(61);
  ledger.spend(call);
  expect(ledger.hour).toMatchObject({ limit: 1000, used: 2 });
  expect(ledger.minute).toMatchObject({ limit: 400, used: 1 });
});

const told = (remaining: number) =>
  new Headers({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': String(remaining) });

test('refuses when Freshsales has said that nothing is left, and says for how long', () => {
  const { ledger, pass } = ledgerAt('2026-05-10T12:00:00Z');
  ledger.learn(200, told(1));
  ledger.allow(call);
  ledger.spend(call);
  pass(600);
  expect(() => ledger.allow(call)).toThrow(expect.objectContaining({ code: 'RATE_LIMITED', retryAfter: 3000 }));
  pass(3000);
  expect(() => ledger.allow(call)).not.toThrow();
});

test('does not refuse on a count of its own, which may be wrong', () => {
  const { ledger } = ledgerAt('2026-05-10T12:00:00Z', { hourlyLimit: 1 });
  for (const _call of [1, 2, 3]) ledger.spend(call);
  expect(() => ledger.allow(call)).not.toThrow();
  expect(ledger.hour).toMatchObject({ limit: 1, used: 1 });
});

test('takes over what Freshsales counts, others’ calls included', () => {
  const { ledger } = ledgerAt('2026-05-10T12:00:00Z');
  const headers = { 'x-ratelimit-limit': '2000', 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '100526123000' };
  ledger.learn(200, new Headers(headers));
  expect(ledger.hour).toEqual({ name: 'hour', limit: 2000, used: 1988, resetAt: new Date('2026-05-10T12:30:00Z') });
});

test.each(['100526093000', 'soon', '1778414400'])('a reset of %s is not believed', (reset) => {
  const { ledger } = ledgerAt('2026-05-10T12:00:00Z');
  ledger.learn(
    200,
    new Headers({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': reset }),
  );
  expect(ledger.hour).toMatchObject({ used: 995, resetAt: new Date('2026-05-10T13:00:00Z') });
});
