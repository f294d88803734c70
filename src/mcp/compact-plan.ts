/** What is read of a plan here; there is more in it. */
interface Plan {
  readonly calls?: readonly PlannedCall[];
  readonly fallbacks?: unknown;
}

interface PlannedCall {
  readonly method: string;
  /** With what stands for any id left open. */
  readonly path: string;
  readonly include: readonly string[];
  readonly fields: readonly string[];
  /** Null where nobody can say. */
  readonly atMost: number | null;
  readonly certain: boolean;
  readonly when: string | null;
  readonly cached: boolean;
}

/**
 * A plan with a line for each kind of call in place of an object. What would come on top on an account that does not answer
 * as documented is in the bounds.
 */
export function compactPlan(plan: unknown): unknown {
  if (typeof plan !== 'object' || plan === null) return undefined;
  const { calls = [], fallbacks: _onTop, ...rest }: Plan = plan;
  return { ...rest, calls: calls.map(lineOf) };
}

function lineOf({ method, path, include, fields, atMost, certain, when, cached }: PlannedCall): string {
  const times = atMost === null ? 'any number of' : `${certain ? '' : 'up to '}${atMost} ×`;
  const query = include.length > 0 ? `?include=${include.join(',')}` : '';
  const why = [fields.join(', '), ...(when ? [when] : []), ...(cached ? ['known already'] : [])];
  return `${times} ${method} ${path}${query} for ${why.join(', ')}`;
}
