import { FreshsalesError } from '../freshsales/errors.ts';
import { type Call, type Meter, pathTemplate } from '../freshsales/transport.ts';

/** Counts and limits the calls of one operation. */
export interface OperationBudget extends Meter {
  /** Calls sent so far. */
  readonly spent: number;
  /** Maximum number of calls. */
  readonly limit: number;
  /** Refuses further calls and waits for those under way. Synchronous if there are none. */
  close(): void | Promise<void>;
}

/** More than any page of a sales front end costs. Expensive queries read records of a long list one by one. */
export const DEFAULT_MAX_CALLS = 50;

export function createOperationBudget({ limit }: { readonly limit: number }): OperationBudget {
  let spent = 0;
  /** Calls admitted but not sent yet. */
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
      if (closed) throw new FreshsalesError('COST_LIMIT_EXCEEDED', 'This operation has ended.');
      if (spent + promised >= limit) {
        const hints = 'Request fewer records, or fewer relations of each.';
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
    answered() {
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

/** A call without its key, host, body and values of callers. */
export interface TracedCall {
  readonly method: string;
  /** Path with all parameter names, and the values of harmless ones. */
  readonly path: string;
  /** Path with its ids replaced: `/contacts/view/{id}`. */
  readonly template: string;
  readonly include: readonly string[];
  /** Null without a response, for example after a timeout. */
  status: number | null;
  durationMs: number | null;
  readonly cached: boolean;
}

/** The calls of one operation, in the order in which they were sent. */
export interface Trace extends Meter {
  readonly calls: readonly TracedCall[];
  /** Adds a call that was answered from the cache. */
  cached(call: Call): void;
}

export function createTrace(): Trace {
  const calls: TracedCall[] = [];
  const open = new Map<Call, { traced: TracedCall; began: number }>();
  return {
    calls,
    allow() {},
    spend(call) {
      const traced = toTraced(call, false);
      calls.push(traced);
      open.set(call, { traced, began: performance.now() });
    },
    answered(status, _headers, call) {
      const sent = open.get(call);
      if (!sent) return;
      open.delete(call);
      sent.traced.status = status;
      sent.traced.durationMs = Math.round((performance.now() - sent.began) * 10) / 10;
    },
    cached(call) {
      calls.push({ ...toTraced(call, true), durationMs: 0 });
    },
  };
}

/** Parameters whose values contain no customer data. */
const HARMLESS = new Set(['page', 'per_page', 'sort', 'sort_type', 'filter', 'f', 'entities', 'include']);

function toTraced({ method, path, query = {} }: Call, cached: boolean): TracedCall {
  const { include, ...rest } = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const parameters = Object.entries(rest).map(([name, value]) => `${name}=${HARMLESS.has(name) ? value : '…'}`);
  const relative = `/${path.replace(/^\.\.\//, '')}`;
  return {
    method,
    path: parameters.length > 0 ? `${relative}?${parameters.join('&')}` : relative,
    template: pathTemplate(relative),
    include: typeof include === 'string' && include !== '' ? include.split(',') : [],
    status: null,
    durationMs: null,
    cached,
  };
}

/**
 * Records that refer to each other in circles are read once and answered any number of times, for no call: the size of an answer
 * has a separate limit. 500 contacts with all of their columns and deals stay below it.
 */
export const DEFAULT_MAX_VALUES = 250_000;

/** Counts the values of an answer. Gives an error once there are more than the limit. */
export function createValueCounter(limit: number): (count: number) => FreshsalesError | undefined {
  let values = 0;
  let error: FreshsalesError | undefined;
  return (count) => {
    values += count;
    // One for all fields: there may be many, and a stack costs time.
    if (values > limit)
      error ??= new FreshsalesError(
        'COST_LIMIT_EXCEEDED',
        `This answer has more than ${limit} values (MAX_VALUES). Select fewer rows, fields or nested lists.`,
      );
    return error;
  };
}
