import { setTimeout as delay } from 'node:timers/promises';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';
import { userLookup } from '../lookups/lookup-types.ts';
import type { Account } from '../records/context.ts';
import { StartError } from './start.ts';

interface FirstContactOptions {
  readonly account: Account;
  /** The API root of the account. */
  readonly baseURL: string;
  /** Resolves once Freshsales has accepted any call. */
  readonly reached: Promise<void>;
  readonly warn: (text: string) => void;
  /** The parts of the configuration to correct: the variable of the key, and the place of the address. */
  readonly settings: { readonly key: string; readonly address: string };
  /** Aborts, so that a failed start does not wait for a response. */
  readonly signal: AbortSignal;
}

export interface FirstContact {
  /** The reason why Freshsales cannot be used yet, without secrets. Undefined once it has answered. */
  readonly problem: () => string | undefined;
  /** Resolves once Freshsales has answered. Rejects with a StartError if the key or the address is wrong. */
  readonly settled: Promise<void>;
}

/** The longest that a start waits for the first response. */
const WAIT_MS = 5000;

/** Pauses between attempts: without a connection, which cost nothing, and with one, which may have cost a call. */
const FREE = { firstMs: 1000, mostMs: 30_000 };
const COSTLY = { firstMs: 5000, mostMs: 300_000 };

interface Failure {
  readonly message: string;
  /** No call was spent. */
  readonly free: boolean;
  /** Freshsales asked for this pause. */
  readonly retryAfterMs: number;
}

const NO_ANSWER_YET: Failure = { message: 'Freshsales has not answered yet.', free: false, retryAfterMs: 0 };

/**
 * Reads the owners, which most queries need, to detect a wrong key or domain at the start. Costs one call. Other failures may be
 * temporary, so it retries in the background while the server runs.
 *
 * @throws StartError if the key or the account is wrong.
 */
export async function makeFirstContact(options: FirstContactOptions): Promise<FirstContact> {
  const first = attempt(options);
  let failure = await Promise.race([first, delay(WAIT_MS, NO_ANSWER_YET, { ref: false })]);
  const settle = async () => {
    if (!failure) return;
    options.signal.throwIfAborted();
    const { host } = new URL(options.baseURL);
    options.warn(
      `${failure.message} Requests fail until ${host} answers; trying again. If this lasts, check ${options.settings.address}, and the network.`,
    );
    failure = await keepTrying(options, first, (found) => {
      if (found.message !== failure?.message) options.warn(found.message);
      failure = found;
    });
    options.warn(`${host} answers now.`);
  };
  const settled = settle();
  // Callers see the rejection. Without a listener it would end the process.
  settled.catch(() => {});
  return { problem: () => failure?.message, settled };
}

async function keepTrying(
  options: FirstContactOptions,
  first: Promise<Failure | undefined>,
  report: (failure: Failure) => void,
): Promise<undefined> {
  const reached = options.reached.then(() => undefined);
  let found = await Promise.race([first, reached]);
  for (let attempts = 0; found; attempts += 1) {
    options.signal.throwIfAborted();
    report(found);
    const stop = new AbortController();
    const pause = delay(pauseAfter(found, attempts), 'again' as const, { ref: false, signal: stop.signal });
    const next = await Promise.race([pause.catch(() => undefined), reached]);
    stop.abort();
    found = next === 'again' ? await Promise.race([attempt(options), reached]) : undefined;
  }
  return undefined;
}

function pauseAfter({ free, retryAfterMs }: Failure, attempts: number): number {
  const { firstMs, mostMs } = free ? FREE : COSTLY;
  return Math.max(retryAfterMs, Math.min(firstMs * 2 ** attempts, mostMs));
}

/** One call. Returns the failure if it may be temporary. */
async function attempt({ account, baseURL, signal, settings }: FirstContactOptions): Promise<Failure | undefined> {
  const { host } = new URL(baseURL);
  let isPage = false;
  const meter: Meter = {
    allow() {},
    spend() {},
    answered(_status, headers) {
      isPage = /\bhtml\b/i.test(headers.get('content-type') ?? '');
    },
  };
  try {
    await account.freshsales.for({ meter, signal }).lookupRows(userLookup);
    return undefined;
  } catch (error) {
    if (!(error instanceof FreshsalesError))
      return { message: 'Asking Freshsales failed.', free: false, retryAfterMs: 0 };
    // Freshsales refuses in JSON. An HTML page comes from a proxy.
    if (error.code === 'UNAUTHENTICATED' && !isPage)
      throw new StartError(
        `${host} does not accept the key. Set ${settings.key} to the key under Settings → API settings in Freshsales.`,
      );
    if (error.status === 404)
      throw new StartError(`No Freshsales account answers at ${host} (HTTP 404). Check ${settings.address}.`);
    if (error.code === 'FORBIDDEN' && !isPage) return undefined;
    return { message: error.message, free: error.neverArrived, retryAfterMs: (error.retryAfter ?? 0) * 1000 };
  }
}
