/** One table of the results. */
export interface Section {
  readonly title: string;
  /** Describes the measurement and the columns. */
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Remarks below the table. */
  readonly notes?: readonly string[];
  /** Targets and measured values. */
  readonly aims?: readonly Aim[];
}

export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly measured: string;
}

/** A padded Markdown table. */
export function toTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [columns, ...rows].map((line) => line.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = columns.map((_column, at) => Math.max(3, ...lines.map((line) => line[at]?.length ?? 0)));
  const toLine = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = lines;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(toLine).join('\n');
}

export const toMarkdown = ({ title, about, columns, rows, notes = [] }: Section): string =>
  [
    `## ${title}`,
    about,
    ...(rows.length > 0 ? [toTable(columns, rows)] : []),
    notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

export const whole = (number: number): string => Math.round(number).toLocaleString('en');
