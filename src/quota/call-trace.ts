import { type Call, type Meter, templateOf } from '../freshsales/transport.ts';

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
