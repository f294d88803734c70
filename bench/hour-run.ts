import { mock } from 'node:test';
import { contactType } from '../src/resources/contact/record.ts';
import { salesAccountType } from '../src/resources/sales-account/record.ts';
import { type InProcess, type InProcessAnswer, openInProcess } from './in-process.ts';
import { documentOf, queries } from './queries.ts';

/** The results of one simulated hour. */
export interface HourRun {
  asked: number;
  served: number;
  /** Includes responses from the cache. Calls are counted in total. */
  calls: number;
  refused: number;
  refusedWithoutTime: number;
  failed: number;
  tooMany: number;
  byOthers: number;
}

const SECONDS = 3600;
const PER_SECOND = 2;
const BURST = { every: 600, requests: 200 };
const OTHERS_EVERY = 36;

// A full hour, because Freshsales counts by the hour.
mock.timers.enable({ apis: ['Date', 'setTimeout'], now: new Date('2026-06-01T10:00:00Z') });
Object.defineProperty(performance, 'now', { value: () => Date.now() });
const [plan = '1000'] = process.argv.slice(2);
const world = await openInProcess({ behaviours: { hourlyLimit: Number(plan) } }, { FRESHSALES_PLAN: plan });
const run: HourRun = {
  asked: 0,
  served: 0,
  calls: 0,
  refused: 0,
  refusedWithoutTime: 0,
  failed: 0,
  tooMany: 0,
  byOthers: 0,
};
const pending = new Set<Promise<void>>();
const draw = createDraw(20_260_601);
const documents = queries.map(({ name }) => documentOf(name));
const contacts = world.sandbox.rows(contactType).flatMap(({ id, is_deleted }) => (is_deleted ? [] : [id]));
const accounts = world.sandbox.rows(salesAccountType).map(({ id }) => id);

for (let second = 0; second < SECONDS; second += 1) {
  const requests = second % BURST.every === 0 ? BURST.requests : PER_SECOND;
  for (let at = 0; at < requests; at += 1) request();
  if (second % OTHERS_EVERY === 0) await spendElsewhere(world);
  await settle();
  mock.timers.tick(1000);
}
for (let second = 0; pending.size > 0 && second < 60; second += 1) {
  await settle();
  mock.timers.tick(1000);
}
run.calls = world.sandbox.requests.length - run.byOthers;
run.tooMany = world.statuses.get(429) ?? 0;
process.send?.(run);

function request(): void {
  run.asked += 1;
  const variables = {
    contact: contacts[draw(contacts.length)],
    account: accounts[draw(accounts.length)],
    text: String.fromCharCode(97 + draw(26), 97 + draw(26)),
    since: '2026-01-01T00:00:00Z',
  };
  const promise = world.ask(documents[draw(documents.length)] ?? '', variables).then(note);
  pending.add(promise);
  void promise.finally(() => pending.delete(promise));
}

function note({ errors, headers }: InProcessAnswer): void {
  if (errors.length === 0) run.served += 1;
  else if (errors.every(({ extensions }) => extensions?.code === 'RATE_LIMITED')) {
    run.refused += 1;
    const hasTime = errors.some(({ extensions }) => Number(extensions?.retryAfter) > 0) || headers.has('retry-after');
    if (!hasTime) run.refusedWithoutTime += 1;
  } else run.failed += 1;
}

/** Another integration that uses the same account. */
async function spendElsewhere({ sandbox }: InProcess): Promise<void> {
  run.byOthers += 1;
  await sandbox.fetch(`${sandbox.baseURL}/selector/owners`, { headers: { authorization: 'Token token=other' } });
}

/** Runs everything that does not wait for the clock. */
async function settle(): Promise<void> {
  for (let idle = 0, left = pending.size; pending.size > 0 && idle < 100; idle += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    if (pending.size < left) idle = 0;
    left = pending.size;
  }
}

/** A seeded random number generator. */
function createDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
