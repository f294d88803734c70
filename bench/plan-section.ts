import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Section } from './section.ts';

export const PLAN_TITLE = 'Look-ahead and plan';

const script = new URL('plan.ts', import.meta.url);

/** The times of look-ahead and plan, from the table that bench/plan.ts prints. */
export async function planSection(): Promise<Section | undefined> {
  if (!existsSync(script)) return undefined;
  const args = ['--import', import.meta.resolve('tsx'), fileURLToPath(script)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [columns = [], ...rows] = toCells(stdout);
  return {
    title: PLAN_TITLE,
    about: 'Time to look ahead over an operation and to plan its calls, warm.',
    columns,
    rows,
    aims: rows.filter(([operation]) => operation === 'sixty fields').map((row) => aimOf(columns, row)),
  };
}

/** The cells of a printed table, without the column of row numbers. */
const toCells = (printed: string): string[][] =>
  printed
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(2, -1)
        .map((cell) => cell.trim().replace(/^'(.*)'$/, '$1')),
    );

function aimOf(columns: readonly string[], row: readonly string[]) {
  const parts = ['look-ahead p50 ms', 'plan p50 ms'].map((column) => Number(row[columns.indexOf(column)]));
  const sum = parts.reduce((total, part) => total + part, 0);
  return { what: 'look-ahead and plan of 60 fields', aim: 'under 1 ms', measured: `${sum.toFixed(3)} ms` };
}
