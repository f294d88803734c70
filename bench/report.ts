import { cpus, totalmem } from 'node:os';
import { PLAN_TITLE } from './plan-section.ts';
import { type Section, toMarkdown, toTable } from './section.ts';

/** Where and when it was measured. */
export interface Circumstances {
  readonly date: string;
  /** How many processes wanted a core in the minute before. */
  readonly load: number;
}

const NOT_MEASURED = [
  'A real Freshsales account: nobody here has one. Times over a network, and what a real account honours, are not in these numbers.',
  'Writes, more than one machine, and Redis.',
  'Other engines than Mesh, and Mesh with resolvers written by hand: those could do anything that is programmed into them.',
  'Mesh’s throughput, memory and start-up.',
];

const notMeasured = (sections: readonly Section[]): string[] => [
  ...NOT_MEASURED,
  ...(sections.some(({ title }) => title === PLAN_TITLE) ? [] : ['Look-ahead and plan: bench/plan.ts is not there.']),
];

/** docs/benchmarks.md, whole. */
export function toReport(sections: readonly Section[], { date, load }: Circumstances): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory, Node.js ${process.version}`;
  const aims = sections.flatMap(({ aims = [] }) => aims);
  return `${[
    '# Benchmarks',
    'Written by `npm run bench -- --write`; every number was measured in that run, except the column *fewest*.',
    `${date}, on ${machine}, ${process.platform}. When it began, ${load.toFixed(1)} processes wanted a core; where that is more than a few
tenths, others were at work on the machine, and times are worse than they need be. Calls are not touched by it.`,
    '## In short',
    toTable(
      ['what', 'aim', 'measured'],
      aims.map(({ what, aim, measured }) => [what, aim, measured]),
    ),
    ...sections.map(toMarkdown),
    '## What was not measured',
    notMeasured(sections)
      .map((line) => `- ${line}`)
      .join('\n'),
    '## How to run it',
    `\`\`\`sh
npm run bench                    # prints the tables
npm run bench -- --install       # installs GraphQL Mesh into bench/peers first, and nowhere else
npm run bench -- --only calls    # one table: calls, accounts, burst, throughput, hour, memory, startup or plan
npm run bench -- --write         # writes this file
\`\`\``,
    'It takes a few minutes, and does not fail on a number.',
  ].join('\n\n')}\n`;
}
