import type { Store } from '../stores/store.ts';
import type { FreshsalesStatus } from './freshsales-status.ts';

/** `degraded`: it serves, with restrictions that the message names. */
export type CheckStatus = 'ok' | 'degraded' | 'unavailable';

export interface Check {
  readonly status: CheckStatus;
  /** What is wrong, without secrets. */
  readonly message?: string;
}

/** Whether a server can take requests. */
export interface Readiness {
  readonly status: CheckStatus;
  readonly checks: Readonly<Record<string, Check>>;
}

export interface ReadinessOptions {
  /** Undefined over the sandbox, which always answers. */
  readonly freshsales: { readonly status: FreshsalesStatus; readonly probe: () => Promise<void> } | undefined;
  /** Undefined without Redis. */
  readonly storeStatus: Store['status'] | undefined;
  /** Undefined without an audit log. */
  readonly audit: { ready(): boolean } | undefined;
  readonly now?: () => number;
}

/** How long a result is reused. */
const CACHE_MS = 30_000;

/** The shortest time between two probes, and the time without calls after which one is needed. */
const PROBE_MS = 60_000;

/** How long a response waits for a probe. */
const WAIT_MS = 5000;

/** One failed call may be chance. */
const MOST_FAILURES = 1;

/**
 * Checks whether this server can take requests. Reads Freshsales' state from the calls of other requests, and makes a call of its
 * own at most once a minute, only if there were none.
 */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { freshsales, now = () => performance.now() } = options;
  let probedAt = Number.NEGATIVE_INFINITY;
  let known: { readonly readiness: Readiness; readonly at: number } | undefined;
  let checking: Promise<Readiness> | undefined;

  function needsProbe({ hasAnswered, failures, lastAt = Number.NEGATIVE_INFINITY }: FreshsalesStatus): boolean {
    const isUnclear = !hasAnswered || failures === MOST_FAILURES;
    return now() - probedAt >= PROBE_MS && (isUnclear || now() - lastAt >= PROBE_MS);
  }

  async function check(): Promise<Readiness> {
    if (freshsales && needsProbe(freshsales.status)) {
      probedAt = now();
      await Promise.race([freshsales.probe().catch(() => undefined), pause(WAIT_MS)]);
    }
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

function toReadiness({ freshsales, storeStatus, audit }: ReadinessOptions): Readiness {
  const checks: Record<string, Check> = {
    freshsales: freshsales ? freshsalesCheck(freshsales.status) : { status: 'ok' },
    ...(storeStatus && { store: storeCheck(storeStatus()) }),
    ...(audit && { audit: auditCheck(audit.ready()) }),
  };
  const all = Object.values(checks).map(({ status }) => status);
  const status = all.find((each) => each === 'unavailable') ?? all.find((each) => each === 'degraded') ?? 'ok';
  return { status, checks };
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
