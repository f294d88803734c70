import { type Contender, Inexpressible } from './contender.ts';
import { ask } from './endpoint.ts';
import { missingFrom } from './leaves.ts';
import { queries } from './queries.ts';
import type { Upstream } from './upstream.ts';

/** The cost of one query for one contender. */
export interface Cost {
  readonly contender: string;
  /** Freshsales calls with an empty cache, and of the repeated query. */
  readonly cold?: number;
  readonly repeated?: number;
  /** Freshsales calls without the cache, but with known capabilities of the account. */
  readonly learned?: number;
  /** The reason why there is no number, or why it is not reliable. */
  readonly problem?: string;
}

export interface QueryCosts {
  readonly name: string;
  readonly what: string;
  readonly fewest: readonly string[];
  readonly costs: readonly Cost[];
}

/** Sends each query to each contender twice. Responses must contain the values of the first contender's response. */
export async function measureCalls(upstream: Upstream, contenders: readonly Contender[]): Promise<QueryCosts[]> {
  const rows: QueryCosts[] = [];
  for (const query of queries) {
    const costs: Cost[] = [];
    let wanted: unknown;
    for (const contender of contenders) {
      const { data, ...cost } = await measureOne(upstream, contender, query.name);
      wanted ??= data;
      const missing = data === undefined ? 0 : missingFrom(data, wanted);
      costs.push(missing > 0 ? { ...cost, problem: `lacks ${missing} values: ${cost.problem ?? 'no error'}` } : cost);
    }
    rows.push({ ...query, costs });
  }
  return rows;
}

async function measureOne(upstream: Upstream, contender: Contender, query: string): Promise<Cost & { data?: unknown }> {
  const document = contender.document(query);
  if (document instanceof Inexpressible) return { contender: contender.name, problem: document.reason };
  const { url, close } = await contender.open(upstream.url);
  try {
    const { calls: cold, result } = await counted(upstream, () => ask(url, document, upstream.variables));
    const { calls: repeated } = await counted(upstream, () => ask(url, document, upstream.variables));
    const fresh = { 'cache-control': 'no-cache' };
    const { calls: learned } = await counted(upstream, () => ask(url, document, upstream.variables, fresh));
    const [error] = result.errors;
    return {
      contender: contender.name,
      cold,
      repeated,
      learned,
      data: result.data,
      ...(error && { problem: error.message }),
    };
  } finally {
    await close();
  }
}

/** Counts the Freshsales calls of a function. */
export async function counted<T>({ sandbox }: Upstream, run: () => Promise<T>): Promise<{ calls: number; result: T }> {
  const before = sandbox.requests.length;
  const result = await run();
  return { calls: sandbox.requests.length - before, result };
}
