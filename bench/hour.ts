import { runApart } from './apart.ts';
import type { HourRun } from './hour-run.ts';
import { type Section, whole } from './section.ts';

const PLANS = ['1000', '5000'];

const ABOUT = `One simulated hour in one process: two requests a second, from all queries above and over all contacts and accounts, and 200 at once every
ten minutes. Another integration spends 100 calls of the same quota, which this server sees only in the headers. The sandbox enforces the
plan's limit and 400 calls a minute.`;

/** An hour in which the quota is not enough for all requests. */
export async function hourSection(): Promise<Section> {
  const runs: HourRun[] = [];
  for (const plan of PLANS)
    runs.push(
      await runApart<HourRun>('hour-run.ts', { args: [plan], flags: ['--disable-warning=ExperimentalWarning'] }),
    );
  const sum = (key: keyof HourRun) => runs.reduce((total, run) => total + run[key], 0);
  return {
    title: 'An hour of overload',
    about: ABOUT,
    columns: ['calls per hour', 'requests', 'served', 'refused', 'without retryAfter', 'failed', 'calls made', '429s'],
    rows: runs.map((run, at) =>
      [
        Number(PLANS[at]),
        run.asked,
        run.served,
        run.refused,
        run.refusedWithoutTime,
        run.failed,
        run.calls,
        run.tooMany,
      ].map(whole),
    ),
    aims: [
      { what: '429s from Freshsales under overload', aim: '0', measured: whole(sum('tooMany')) },
      { what: 'refusals without retryAfter', aim: '0', measured: whole(sum('refusedWithoutTime')) },
    ],
  };
}
