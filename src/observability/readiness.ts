import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';
import type { Store } from '../stores/store.ts';

/** `degraded`: it serves, with restrictions that the message names. */
export type CheckStatus = 'ok' | 'degraded' | 'unavailable';

export interface Check {
  readonly status: CheckStatus;
  /** The problem, without secrets. */
  readonly message?: string;
}

/** The readiness of a server. */
export interface Readiness {
  readonly status: CheckStatus;
  readonly checks: Readonly<Record<string, Check>>;
}

/** The state of an account, and how to find it out. */
export interface UpstreamWatch {
  readonly status: FreshsalesStatus;
  readonly probe: () => Promise<void>;
}

export interface ReadinessOptions {
  /** One for each account. Undefined over the sandbox, which always answers. */
  readonly upstreamWatch: UpstreamWatch | readonly UpstreamWatch[] | undefined;
  /** Undefined without Redis. */
  readonly storeStatus: Store['status'] | undefined;
  /** Undefined without an audit log. */
  readonly audit: { ready(): boolean } | undefined;
  readonly now?: () => number;
}

/** Time for which a result is reused. */
const CACHE_MS = 30_000;

/** The shortest time between two probes, and the time without calls after which one is needed. */
const PROBE_MS = 60_000;

/** The longest that a response waits for a probe. */
const WAIT_MS = 5000;

/** One failed call may be chance. */
const MOST_FAILURES = 1;

/**
 * Checks whether this server can take requests. Reads Freshsales' state from the calls of other requests, and makes a call of its
 * own at most once a minute, only if there were none.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { upstreamWatch, now = () => performance.now() } = options;
  const accounts = listOf(upstreamWatch);
  const probedAt = new Map<UpstreamWatch, number>();
  let known: { readonly readiness: Readiness; readonly at: number } | undefined;
  let checking: Promise<Readiness> | undefined;

  function needsProbe(account: UpstreamWatch): boolean {
    const { hasAnswered, failures, lastAt = Number.NEGATIVE_INFINITY } = account.status;
    const isUnclear = !hasAnswered || failures === MOST_FAILURES;
    return (
      now() - (probedAt.get(account) ?? Number.NEGATIVE_INFINITY) >= PROBE_MS &&
      (isUnclear || now() - lastAt >= PROBE_MS)
    );
  }

  async function check(): Promise<Readiness> {
    const due = accounts.filter(needsProbe);
    for (const account of due) probedAt.set(account, now());
    const probes = due.map(({ probe }) => probe().catch(() => undefined));
    if (probes.length > 0) await Promise.race([Promise.all(probes), pause(WAIT_MS)]);
    const readiness = toReadiness(options);
    known = { readiness, at: now() };
    return readiness;
  }

  const isCurrent = ({ readiness, at }: NonNullable<typeof known>): boolean =>
    now() - at < CACHE_MS &&
    // A recovery is visible immediately, and costs nothing to see.
    (readiness.status !== 'unavailable' || toReadiness(options).status === 'unavailable');

  return async () => {
    if (known && isCurrent(known)) return known.readiness;
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  };
}

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

function toReadiness({ upstreamWatch, storeStatus, audit }: ReadinessOptions): Readiness {
  const checks: Record<string, Check> = {
    freshsales: accountsCheck(listOf(upstreamWatch)),
    ...(storeStatus && { store: storeCheck(storeStatus()) }),
    ...(audit && { audit: auditCheck(audit.ready()) }),
  };
  const all = Object.values(checks).map(({ status }) => status);
  const status = all.find((each) => each === 'unavailable') ?? all.find((each) => each === 'degraded') ?? 'ok';
  return { status, checks };
}

const listOf = (accounts: ReadinessOptions['upstreamWatch']): readonly UpstreamWatch[] => [accounts ?? []].flat();

/** One account that fails takes no requests away from the others. Their names are not public; the log and the metrics have them. */
function accountsCheck(accounts: readonly UpstreamWatch[]): Check {
  const checks = accounts.map(({ status }) => freshsalesCheck(status));
  const failed = checks.filter(({ status }) => status !== 'ok');
  const [first] = failed;
  if (!first) return { status: 'ok' };
  if (accounts.length === 1) return first;
  return {
    status: failed.length === accounts.length ? 'unavailable' : 'degraded',
    message: `${failed.length} of ${accounts.length} accounts cannot be used. The log and the metrics name them.`,
  };
}

function freshsalesCheck({ isKeyRefused, failures, hasAnswered }: FreshsalesStatus): Check {
  if (isKeyRefused)
    return {
      status: 'unavailable',
      message: 'Freshsales does not accept the key of this server (FRESHSALES_API_KEY).',
    };
  if (failures > MOST_FAILURES)
    return { status: 'unavailable', message: `The last ${failures} calls to Freshsales failed.` };
  if (!hasAnswered) return { status: 'unavailable', message: 'Freshsales has not answered yet.' };
  return { status: 'ok' };
}

const storeCheck = (status: ReturnType<Store['status']>): Check =>
  status === 'ok'
    ? { status: 'ok' }
    : {
        status: 'degraded',
        message: 'Redis cannot be reached. This server goes on with its share of the quota and its own cache.',
      };

const auditCheck = (isWritable: boolean): Check =>
  isWritable
    ? { status: 'ok' }
    : { status: 'unavailable', message: 'The audit log cannot be written, so callers cannot write (AUDIT_LOG).' };

/** The state of Freshsales, judged by the calls so far. Makes no calls. */
export interface FreshsalesStatus {
  /** Freshsales has answered at least once. */
  readonly hasAnswered: boolean;
  /** Calls in a row that failed: no response, HTTP 5xx, a redirect, or a page instead of JSON. */
  readonly failures: number;
  /** Freshsales refused the key of this server. */
  readonly isKeyRefused: boolean;
  /** When the last call ended, by the clock of the watch. Undefined before the first. */
  readonly lastAt: number | undefined;
}

export interface FreshsalesWatch {
  readonly status: FreshsalesStatus;
  /** Watches the calls of a key. Only a refusal of the server's own key counts: callers may bring wrong ones. */
  meterFor(key: { readonly isOwn: boolean }): Meter;
  /** Reports an attempt that was made without a key. */
  report(isAnswered: boolean): void;
}

/** Derives the state of Freshsales from calls that are made anyway. */
export function createFreshsalesWatch(now: () => number = () => performance.now()): FreshsalesWatch {
  const status = { hasAnswered: false, failures: 0, isKeyRefused: false, lastAt: undefined as number | undefined };
  const report = (isAnswered: boolean) => {
    status.hasAnswered ||= isAnswered;
    status.failures = isAnswered ? 0 : status.failures + 1;
    status.lastAt = now();
  };
  return {
    status,
    report,
    meterFor({ isOwn }) {
      return {
        allow() {},
        spend() {},
        answered(code, headers) {
          const isAnswered = isAnswer(code, headers);
          report(isAnswered);
          if (isOwn && isAnswered && code !== 429) status.isKeyRefused = code === 401;
        },
        release(_call, sent, error) {
          // A client that disconnects says nothing about Freshsales.
          if (sent && error instanceof FreshsalesError) report(false);
        },
      };
    },
  };
}

/** Refusals are answers. Pages come from proxies and login forms. */
const isAnswer = (code: number, headers: Headers): boolean =>
  code < 500 && !(code >= 300 && code < 400) && !/\bhtml\b/i.test(headers.get('content-type') ?? '');
