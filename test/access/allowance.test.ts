import { expect, test } from 'vitest';
import { createAllowance } from '../../src/access/allowance.ts';
import { openOffice } from './office.ts';

test('calls an hour: what is left is told, and more is refused before it is spent', async () => {
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
  expect(errors?.[0]?.extensions).toMatchObject({ planned: 3, limit: 1 });
});

test('an hour begins with the first call in it; an edit does not give calls back', () => {
  let now = 0;
  const allowance = createAllowance({ callsPerHour: 2, priority: 'agent' }, () => now);
  const call = { method: 'GET', path: 'x' } as const;
  const allow = () => allowance.allow(call, { lane: 'agent' });
  const spend = () => {
    allow();
    allowance.spend(call);
  };
  now = 1_000_000;
  spend();
  expect(allowance.resetAt.getTime()).toBe(4_600_000);
  allowance.change({ callsPerHour: 1, priority: 'agent' });
  expect(allow).toThrow(/Try again in 3600 seconds/);
  now = 4_600_000;
  expect(allowance.remaining).toBe(1);
});
