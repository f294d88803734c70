import { type Contender, Inexpressible } from './contender.ts';
import { ask } from './endpoint.ts';
import { missingFrom } from './leaves.ts';
import { queries } from './queries.ts';
import type { Upstream } from './upstream.ts';

/** What one query cost with one contender. */
export interface Cost {
  readonly contender: string;
  /** Freshsales calls when nothing is known yet, and of the same query once more. */
  readonly cold?: number;
  readonly repeated?: number;
  /** Of the same query when nothing that is remembered will do, and it is known what the account does and does not. */
  readonly learned?: number;
  /** Why there is no number, or why it is not to be trusted. */
  readonly problem?: string;
}

export interface QueryCosts {
  readonly name: string;
  readonly what: string;
  readonly fewest: readonly string[];
  readonly costs: readonly Cost[];
}

/** Asks every query of every contender, twice. The first contender says what an answer has to hold. */
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
    const anew = { 'cache-control': 'no-cache' };
    const { calls: learned } = await counted(upstream, () => ask(url, document, upstream.variables, anew));
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

/** Runs something and counts the calls that reached Freshsales meanwhile. */
export async function counted<T>({ sandbox }: Upstream, run: () => Promise<T>): Promise<{ calls: number; result: T }> {
  const before = sandbox.requests.length;
  const result = await run();
  return { calls: sandbox.requests.length - before, result };
}
