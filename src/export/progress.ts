import type { AccountLedger } from '../quota/account-ledger.ts';
import { isErrorTerminal, overwrite, warn } from '../terminal.ts';

/** The progress of an export or import. */
export interface Progress {
  readonly rows: number;
  /** Undefined as long as it is unknown. */
  readonly total: number | undefined;
  readonly calls: number;
}

export interface ProgressReport {
  show(progress: Progress): void;
  /** A line that stays. */
  note(text: string): void;
  /** Ends the bar. */
  end(): void;
}

/** Between plain lines. */
const LINE_EVERY_MS = 5000;

const BAR = 20;

/** A bar on a terminal, and a line from time to time elsewhere. Both on standard error. */
export function createProgress({ hour }: { readonly hour: () => AccountLedger['hour'] }): ProgressReport {
  const isBar = isErrorTerminal();
  const begun = performance.now();
  let first: Progress | undefined;
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      first ??= progress;
      const now = performance.now();
      const text = sentenceOf(progress, { hour: hour(), leftMs: leftOf(first, progress, now - begun) });
      if (isBar) return overwrite(`${barOf(progress)}${text}`);
      if (now - shownAt < LINE_EVERY_MS) return;
      shownAt = now;
      warn(text);
    },
    note(text) {
      if (isBar) overwrite('');
      warn(text);
    },
    end() {
      if (isBar) overwrite('');
    },
  };
}

function barOf({ rows, total }: Progress): string {
  if (total === undefined) return '';
  const share = total === 0 ? 1 : Math.min(1, rows / total);
  const filled = Math.round(share * BAR);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.floor(share * 100)} %  `;
}

function sentenceOf(
  { rows, total, calls }: Progress,
  { hour, leftMs }: { hour: AccountLedger['hour']; leftMs: number | undefined },
): string {
  const of = total === undefined ? '' : ` of ${number(total)}`;
  const left = leftMs === undefined ? '' : `, ${durationOf(leftMs)} left`;
  const quota = `${number(hour.limit - hour.used)} of ${number(hour.limit)} calls left this hour`;
  return `${number(rows)}${of} ${rows === 1 && of === '' ? 'row' : 'rows'}, ${number(calls)} ${calls === 1 ? 'call' : 'calls'}, ${quota}${left}`;
}

function leftOf(first: Progress, { rows, total }: Progress, ms: number): number | undefined {
  const done = rows - first.rows;
  if (total === undefined || done <= 0) return undefined;
  return (Math.max(0, total - rows) / done) * ms;
}

export const number = (value: number): string => value.toLocaleString('en');

export function durationOf(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
