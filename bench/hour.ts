import { runApart } from './apart.ts';
import type { HourRun } from './hour-run.ts';
import { type Section, whole } from './section.ts';

const PLANS = ['1000', '5000'];

const ABOUT = `An hour of simulated time in one process: two requests a second, drawn from all queries above and over all contacts and accounts, and
200 at the same moment every ten minutes. Another integration spends a hundred calls of the same quota, which this server
sees only in what is left. The sandbox holds to the limits of the plan, and 400 calls a minute.`;

/** What becomes of the requests of many when the quota is not enough for all of them. */
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
    columns: ['calls an hour', 'asked', 'served', 'refused', 'not told when', 'failed', 'calls made', 'answered 429'],
    rows: runs.map((run, at) =>
      [
        Number(PLANS[at]),
        ...[run.asked, run.served, run.refused, run.refusedWithoutTime, run.failed, run.calls, run.tooMany],
      ].map(whole),
    ),
    aims: [
      { what: '429s from Freshsales under overload', aim: '0', measured: whole(sum('tooMany')) },
      { what: 'refused callers not told when to come back', aim: '0', measured: whole(sum('refusedWithoutTime')) },
    ],
  };
}
