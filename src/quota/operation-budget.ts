import { FreshsalesError } from '../freshsales/errors.ts';
import { type Call, type Meter, templateOf } from '../freshsales/transport.ts';

/** Counts the calls of one operation, and ends it before it costs too much. */
export interface OperationBudget extends Meter {
  /** Calls sent so far. */
  readonly spent: number;
  /** Calls that it may make in all. */
  readonly limit: number;
  /** Lets no further call out, and waits for those that are under way; at once where none is. */
  close(): void | Promise<void>;
}

export interface OperationBudgetOptions {
  /** At the most so many calls; the one after that is refused. */
  readonly limit: number;
}

/** Any page of a sales front end costs less; a query for more asks single records of a long list for what no page brings. */
export const DEFAULT_MAX_CALLS = 50;

export function createOperationBudget({ limit }: OperationBudgetOptions): OperationBudget {
  let spent = 0;
  /** Calls that were allowed and have not gone out yet. */
  let promised = 0;
  let underWay = 0;
  let closed = false;
  let rest = () => {};
  const settle = () => {
    if (promised + underWay === 0) rest();
  };
  return {
    get spent() {
      return spent;
    },
    limit,
    allow() {
      if (closed) throw new FreshsalesError('COST_LIMIT_EXCEEDED', 'This operation is over.');
      if (spent + promised >= limit) {
        const hints = 'Ask for fewer records at once, or for fewer relations of each.';
        throw new FreshsalesError(
          'COST_LIMIT_EXCEEDED',
          `This operation has used the ${limit} Freshsales calls it may make. ${hints}`,
        );
      }
      promised += 1;
    },
    spend() {
      promised -= 1;
      spent += 1;
      underWay += 1;
    },
    learn() {
      underWay -= 1;
      settle();
    },
    release(_call, sent) {
      if (sent) underWay -= 1;
      else promised -= 1;
      settle();
    },
    close() {
      closed = true;
      if (promised + underWay === 0) return undefined;
      return new Promise((resolve) => {
        rest = resolve;
      });
    },
  };
}

/** A call as it was sent. No key, no host, no body, and of the query no value that a caller typed. */
export interface TracedCall {
  readonly method: string;
  /** Below the API root, with the names of all parameters and the values of harmless ones. */
  readonly path: string;
  /** The same with ids left open: `/contacts/view/{id}`. */
  readonly template: string;
  readonly include: readonly string[];
  /** Null while there is no answer, as after a time-out. */
  status: number | null;
  durationMs: number | null;
  readonly cached: boolean;
}

/** Records the calls of one operation, in the order in which they were sent. */
export interface Trace extends Meter {
  readonly calls: readonly TracedCall[];
  /** A call that was answered from what was known. */
  recall(call: Call): void;
}

export function createTrace(now: () => number = () => performance.now()): Trace {
  const calls: TracedCall[] = [];
  const open = new Map<Call, { traced: TracedCall; began: number }>();
  return {
    calls,
    allow() {},
    spend(call) {
      const traced = toTraced(call, false);
      calls.push(traced);
      open.set(call, { traced, began: now() });
    },
    learn(status, _headers, call) {
      const sent = open.get(call);
      if (!sent) return;
      open.delete(call);
      sent.traced.status = status;
      sent.traced.durationMs = Math.round((now() - sent.began) * 10) / 10;
    },
    recall(call) {
      calls.push({ ...toTraced(call, true), durationMs: 0 });
    },
  };
}

/** Parameters whose values say nothing of a customer. */
const HARMLESS = new Set(['page', 'per_page', 'sort', 'sort_type', 'filter', 'f', 'entities', 'include']);

function toTraced({ method, path, query = {} }: Call, cached: boolean): TracedCall {
  const { include, ...rest } = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const parameters = Object.entries(rest).map(([name, value]) => `${name}=${HARMLESS.has(name) ? value : '…'}`);
  const below = `/${path.replace(/^\.\.\//, '')}`;
  return {
    method,
    path: parameters.length > 0 ? `${below}?${parameters.join('&')}` : below,
    template: templateOf(below),
    include: typeof include === 'string' && include !== '' ? include.split(',') : [],
    ...{ status: null, durationMs: null, cached },
  };
}
