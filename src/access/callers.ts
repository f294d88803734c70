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

/** Everybody with a token. */
export interface Callers {
  /** Whose token this is, and the name of the variable that holds their Freshsales key. */
  find(token: string): { readonly caller: Caller; readonly key: string } | undefined;
  /** How many there are now. */
  readonly count: number;
  /** Stops looking after the file. */
  close(): void;
}

export interface CallersOptions extends CallersFileOptions {
  /** Told once of each edit that is broken, and that the rules before it hold. Writes to stderr by default. */
  readonly warn?: (message: string) => void;
  /** Counts the calls of each caller. In this process by default. */
  readonly counterOf?: UsageCounters | undefined;
  /** How often to look whether the file has changed, in milliseconds. */
  readonly lookEveryMs?: number;
}

interface Known {
  readonly hash: Buffer;
  readonly key: string;
  readonly caller: Caller;
}

const toStderr = (message: string) => warnOnStderr(...message.split('\n'));

/**
 * Reads the callers and goes on looking after their file. It is looked at by its name, so that an editor that puts a new file
 * in its place is seen as well. An edit with a fault in it changes nothing.
 */
export function openCallers({
  warn = toStderr,
  lookEveryMs = 1000,
  counterOf = createUsageCounters(),
  ...options
}: CallersOptions): Callers {
  const allowances = new Map<string, Allowance>();
  // What a caller has spent outlives an edit of the file.
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
      warn(`${error.message}\nThe callers stay as they were until this is mended.`);
    }
  };
  watchFile(options.path, { interval: lookEveryMs, persistent: false }, reload);
  return {
    find(token) {
      const hash = Buffer.from(hashOf(token), 'hex');
      let found: Known | undefined;
      // All of them, each in the same time: how long it takes tells nothing.
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
