import { cpus, totalmem } from 'node:os';
import { PLAN_TITLE } from './plan-section.ts';
import { type Section, toMarkdown, toTable } from './section.ts';

/** When the benchmarks ran, and under which load. */
export interface Circumstances {
  readonly date: string;
  /** Load average of the last minute. */
  readonly load: number;
}

const NOT_MEASURED = [
  'A real Freshsales account: network times, and differences between accounts.',
  'Writes, several machines, and Redis.',
  'Engines other than Mesh, and Mesh with hand-written resolvers, which can do anything.',
  'Mesh’s throughput, memory and start-up.',
];

const notMeasured = (sections: readonly Section[]): string[] => [
  ...NOT_MEASURED,
  ...(sections.some(({ title }) => title === PLAN_TITLE) ? [] : ['Look-ahead and plan: bench/plan.ts is not there.']),
];

/** The text of docs/benchmarks.md. */
export function toReport(sections: readonly Section[], { date, load }: Circumstances): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Node.js ${process.version}`;
  const aims = sections.flatMap(({ aims = [] }) => aims);
  return `${[
    '# Benchmarks',
    '`npm run bench -- --write` writes this page. All numbers are from one run, except the column *fewest*.',
    `${date}, on ${machine}, ${process.platform}. The load average at the start was ${load.toFixed(1)}. Above a few tenths, other processes were
running and times are too high. Calls are not affected.`,
    '## Summary',
    toTable(
      ['measure', 'target', 'measured'],
      aims.map(({ what, aim, measured }) => [what, aim, measured]),
    ),
    ...sections.map(toMarkdown),
    '## What was not measured',
    notMeasured(sections)
      .map((line) => `- ${line}`)
      .join('\n'),
    '## Run the benchmarks',
    `\`\`\`sh
npm run bench                    # prints the tables
npm run bench -- --install       # installs GraphQL Mesh into bench/peers first
npm run bench -- --only calls    # one of calls, accounts, burst, throughput, hour, memory, startup, plan, fields
npm run bench -- --write         # updates this page
\`\`\``,
    'The run takes a few minutes. It does not fail on a number.',
  ].join('\n\n')}\n`;
}
