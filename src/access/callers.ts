import { timingSafeEqual } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { type Allowance, type AllowanceSettings, createAllowance } from '../quota/allowance.ts';
import { createUsageCounters, type UsageCounters } from '../quota/usage-counter.ts';
import { warn as warnOnStderr } from '../terminal.ts';
import {
  type CallerEntry,
  CallersError,
  type CallersFileOptions,
  hashOf,
  parseCallers,
  readCallersText,
} from './callers-file.ts';

/** An authenticated caller and its permissions. */
export interface Caller extends Omit<CallerEntry, 'token' | 'key' | 'allowance'> {
  readonly allowance: Allowance;
}

/** All callers. */
export interface Callers {
  /** The caller with this token, and the name of the variable with its Freshsales key. */
  find(token: string): { readonly caller: Caller; readonly key: string } | undefined;
  /** Number of callers. */
  readonly count: number;
  /** Stops watching the file. */
  close(): void;
}

export interface CallersOptions extends CallersFileOptions {
  /** Called once for each invalid edit. Writes to stderr by default. */
  readonly warn?: (message: string) => void;
  /** Counts the calls of each caller. In this process by default. */
  readonly counterOf?: UsageCounters | undefined;
  /** Interval at which the file is checked for changes, in milliseconds. */
  readonly lookEveryMs?: number;
}

interface Known {
  readonly hash: Buffer;
  readonly key: string;
  readonly caller: Caller;
}

const toStderr = (message: string) => warnOnStderr(...message.split('\n'));

/** Reads the callers and watches their file by name, so that replaced files are noticed. An invalid edit changes nothing. */
export function openCallers({
  warn = toStderr,
  lookEveryMs = 1000,
  counterOf = createUsageCounters(),
  ...options
}: CallersOptions): Callers {
  const allowances = new Map<string, Allowance>();
  // An edit of the file does not reset what a caller has spent.
  const allowanceOf: AllowanceOf = (name, settings) => {
    const allowance = allowances.get(name) ?? createAllowance(settings, counterOf(name));
    allowance.change(settings);
    allowances.set(name, allowance);
    return allowance;
  };
  const read = (): Known[] =>
    parseCallers(readCallersText(options.path), options).map((entry) => known(entry, allowanceOf));
  let all = read();
  const reload = () => {
    try {
      all = read();
    } catch (error) {
      if (!(error instanceof CallersError)) throw error;
      warn(`${error.message}\nThe previous callers stay in effect until this is fixed.`);
    }
  };
  watchFile(options.path, { interval: lookEveryMs, persistent: false }, reload);
  return {
    find(token) {
      const hash = Buffer.from(hashOf(token), 'hex');
      let found: Known | undefined;
      // Compares with every caller in constant time, so that timing reveals nothing.
      for (const each of all) if (timingSafeEqual(each.hash, hash)) found = each;
      return found;
    },
    get count() {
      return all.length;
    },
    close: () => unwatchFile(options.path, reload),
  };
}

type AllowanceOf = (name: string, settings: AllowanceSettings) => Allowance;

const known = ({ token, key, allowance, ...caller }: CallerEntry, allowanceOf: AllowanceOf): Known => ({
  hash: Buffer.from(token, 'hex'),
  key,
  caller: { ...caller, allowance: allowanceOf(caller.name, allowance) },
});
