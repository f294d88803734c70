import { timingSafeEqual } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { LRUCache } from 'lru-cache';
import { type Allowance, createAllowance, createUsageCounters, type UsageCounter } from '../quota/allowance.ts';
import { warn as warnOnStderr } from '../terminal.ts';
import {
  type CallerEntry,
  CallersError,
  type CallersFileOptions,
  hashOf,
  parseCallers,
  readCallersText,
} from './callers-file.ts';
import { createSignIn, type SignedIn, type SignIn } from './sign-in.ts';

/** An authenticated caller and its permissions. */
export interface Caller extends Omit<CallerEntry, 'token' | 'key' | 'allowance'> {
  readonly allowance: Allowance;
  /** The person who signed in as this caller, by the subject of the token. */
  readonly subject?: string | undefined;
}

/** A caller, and the name of the variable with its Freshsales key. */
export interface FoundCaller {
  readonly caller: Caller;
  readonly key: string;
}

/** All callers. */
export interface Callers {
  /** The caller with this token, and the name of the variable with its Freshsales key. */
  find(token: string): FoundCaller | undefined;
  /** The caller that a person who signed in is. Throws if the token is refused. Undefined without FRESHSALES_AUTH=jwt. */
  readonly signIn: ((token: string) => Promise<FoundCaller>) | undefined;
  /** Number of callers. */
  readonly count: number;
  /** Stops watching the file. */
  close(): void;
}

/** Returns the usage counter of a caller. */
type CallerCounters = (name: string, account: string | undefined) => UsageCounter;

export interface CallersOptions extends CallersFileOptions {
  /** Called once for each invalid edit. Writes to stderr by default. */
  readonly warn?: (message: string) => void;
  /** Counts the calls of each caller. In this process by default. */
  readonly counterOf?: CallerCounters | undefined;
  /** Interval at which the file is checked for changes, in milliseconds. */
  readonly lookEveryMs?: number;
}

interface Known extends FoundCaller {
  /** Undefined without a token. */
  readonly hash: Buffer | undefined;
}

/** People who are remembered at once. */
const MAX_PEOPLE = 1000;

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
  const allowanceOf: AllowanceOf = ({ name, account, allowance: settings }) => {
    const key = `${account ?? ''}\n${name}`;
    const allowance = allowances.get(key) ?? createAllowance(settings, counterOf(name, account));
    allowance.change(settings);
    allowances.set(key, allowance);
    return allowance;
  };
  let verifier: { readonly settings: string; readonly signIn: SignIn } | undefined;
  const read = (): Known[] => {
    const { callers, jwt } = parseCallers(readCallersText(options.path), options);
    const settings = JSON.stringify(jwt);
    // An edit elsewhere in the file keeps the keys of the issuer.
    if (jwt && verifier?.settings !== settings) verifier = { settings, signIn: createSignIn(jwt, { warn }) };
    return callers.map((entry) => known(entry, allowanceOf));
  };
  let all = read();
  const people = new LRUCache<string, Caller>({ max: MAX_PEOPLE });
  /** One object for a person, by which results are cached. */
  const personOf = (base: Caller, { subject, user = base.user }: Pick<SignedIn, 'subject' | 'user'>): Caller => {
    const key = JSON.stringify([base.name, subject, user]);
    const known = people.get(key);
    if (known && known.grants === base.grants) return known;
    const person = { ...base, subject, user };
    people.set(key, person);
    return person;
  };
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
      for (const each of all) if (each.hash && timingSafeEqual(each.hash, hash)) found = each;
      return found;
    },
    signIn: options.signsIn
      ? async (token) => {
          if (!verifier) throw new TypeError('The file of callers is rejected without “jwt”.');
          const { caller: name, ...person } = await verifier.signIn(token);
          const found = all.find(({ caller }) => caller.name === name);
          if (!found) throw new TypeError('The caller of a rule does not exist.');
          return { key: found.key, caller: personOf(found.caller, person) };
        }
      : undefined,
    get count() {
      return all.length;
    },
    close: () => unwatchFile(options.path, reload),
  };
}

type AllowanceOf = (entry: Pick<CallerEntry, 'name' | 'account' | 'allowance'>) => Allowance;

const known = ({ token, key, ...caller }: CallerEntry, allowanceOf: AllowanceOf): Known => ({
  hash: token === undefined ? undefined : Buffer.from(token, 'hex'),
  key,
  caller: { ...caller, allowance: allowanceOf(caller) },
});
