import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Call } from '../../src/freshsales/transport.ts';
import { createAllowance, createUsageCounters } from '../../src/quota/allowance.ts';
import { openOffice } from '../access/office.ts';

test('reports the calls left in the hour, and refuses more before they are spent', async () => {
  const { ask } = await openOffice({
    Reader:
      'grants: { contacts: read, tasks: read }\nallowance: { callsPerHour: 3, callsPerOperation: 2, priority: bulk }',
    Other: 'grants: { contacts: read }',
  });
  const look =
    '{ viewer { name allowance { callsPerHour used remaining callsPerOperation priority } } rateLimit { callerRemaining } }';
  expect((await ask('Reader', look)).data).toEqual({
    viewer: {
      name: 'Reader',
      allowance: { callsPerHour: 3, used: 0, remaining: 3, callsPerOperation: 2, priority: 'bulk' },
    },
    rateLimit: { callerRemaining: 3 },
  });
  const page = '{ contacts(first: 1) { nodes { id } } }';
  expect((await ask('Reader', page)).requests).toHaveLength(2);
  // What is known costs nothing; of two further pages one is too many.
  expect((await ask('Reader', page)).requests).toEqual([]);
  const refused = await ask('Reader', '{ contacts(first: 30) { nodes { id } } tasks { nodes { id } } }');
  expect(refused).toMatchObject({ codes: ['RATE_LIMITED'], requests: [] });
  expect(refused.errors?.[0]?.extensions.retryAfter).toBeGreaterThan(3000);
  expect((await ask('Reader', '{ tasks(filter: OPEN) { nodes { id } } }')).codes).toEqual([]);
  expect((await ask('Reader', look)).data).toMatchObject({ viewer: { allowance: { used: 3, remaining: 0 } } });
  expect((await ask('Other', page)).codes).toEqual([]);
});

test('calls of one operation: more is refused with the plan', async () => {
  const { ask } = await openOffice({
    Reader: 'grants: { contacts: read, tasks: read }\nallowance: { callsPerOperation: 1 }',
  });
  const { codes, errors, requests } = await ask(
    'Reader',
    '{ contacts { nodes { id } } tasks(filter: OPEN) { nodes { id } } }',
  );
  expect({ codes, requests }).toEqual({ codes: ['COST_LIMIT_EXCEEDED'], requests: [] });
  expect(errors?.[0]?.extensions).toMatchObject({ planned: 3, limit: 1, plan: { needed: 3 } });
  expect(errors?.[0]?.message).toMatch(/needs 3 Freshsales calls, and this caller may make 1 in one\./);
});

test('compares a dry run with the caller’s allowance', async () => {
  const { send, tokens } = await openOffice({
    Reader: 'grants: { contacts: read, tasks: read }\nallowance: { callsPerHour: 1, callsPerOperation: 2 }',
  });
  const planned = async (query: string) =>
    (await (await send(tokens.Reader, { query, extensions: { dryRun: true } })).json()).extensions.plan;
  const tasks = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `t${index}: tasks(filter: OPEN, first: ${index + 1}) { nodes { id } }`).join(' ')} }`;
  expect(await planned(tasks(1))).toMatchObject({ needed: 1, limit: 2, allowed: true, upperBound: 2 });
  expect(await planned(tasks(2))).toMatchObject({ needed: 2, limit: 2, allowed: false });
  expect(await planned(tasks(3))).toMatchObject({ needed: 3, limit: 2, allowed: false });
});

describe('an hour', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void vi.useRealTimers());

  const call = () => ({ method: 'GET', path: 'x' }) as const;
  const open = (callsPerHour?: number) => {
    const allowance = createAllowance({ callsPerHour, priority: 'agent' }, createUsageCounters()('Reader'));
    return { allowance, allow: async (of: Call = call()) => allowance.allow(of, { priority: 'agent' }) };
  };

  test('begins with the first call in it; an edit does not give calls back', async () => {
    const { allowance, allow } = open(2);
    vi.advanceTimersByTime(500_000);
    await allow();
    expect(allowance.resetAt.getTime()).toBe(5_100_000);
    allowance.change({ callsPerHour: 1, priority: 'agent' });
    await expect(allow()).rejects.toThrow(/^0 of this caller’s 1 .* Try again in 3600 seconds/);
    allowance.change({ callsPerHour: 3, priority: 'agent' });
    await allow();
    expect(allowance).toMatchObject({ used: 2, remaining: 1 });
    vi.advanceTimersByTime(3_600_000);
    expect(allowance).toMatchObject({ used: 0, remaining: 3 });
  });

  test('counts no call that was refused, and none that was not sent', async () => {
    const { allowance, allow } = open(2);
    const [one, other] = [call(), call()];
    await Promise.all([allow(one), allow(other)]);
    const refused = await Promise.allSettled([allow(), allow(), allow()]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(allowance).toMatchObject({ used: 2, remaining: 0 });
    allowance.release?.(one, false);
    allowance.release?.(other, true);
    await allow();
    await expect(allow()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfter: 3600 });
  });

  test('takes nothing back into the next one', async () => {
    const { allowance, allow } = open(1);
    const late = call();
    await allow(late);
    vi.advanceTimersByTime(3_600_000);
    allowance.release?.(late, false);
    await allow();
    await expect(allow()).rejects.toThrow();
  });

  test('counts calls without a limit too, because one may be set later', async () => {
    const { allowance, allow } = open();
    for (let each = 0; each < 5; each += 1) await allow();
    expect(allowance).toMatchObject({ used: 5, remaining: undefined });
    allowance.change({ callsPerHour: 5, priority: 'agent' });
    await expect(allow()).rejects.toThrow(/^0 of this caller’s 5/);
  });
});
