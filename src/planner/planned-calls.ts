import type { PlannedCall } from './planned-call.ts';

/** The field that causes a call, and the number of records it is selected of. */
export interface Site {
  /** The field, as a path of the answer. */
  readonly field: string;
  /** The most records, and the expected ones. */
  readonly most: number;
  readonly usual: number;
  /** Whether it is a root field. */
  readonly root: boolean;
}

export interface CallOptions {
  readonly include?: readonly string[];
  readonly when?: string | undefined;
  readonly fallback?: boolean;
  readonly lacks?: readonly string[];
  readonly cached?: boolean;
  readonly certain?: boolean;
}

/** A call of a plan that is being made. */
export interface CountedCall {
  readonly call: string;
  readonly fields: Set<string>;
  readonly per: PlannedCall['per'];
  readonly lacks: readonly string[];
  include: readonly string[];
  cached: boolean;
  when: string | undefined;
  fallback: boolean;
  most: number;
  certain: boolean;
}

/** The calls of a plan in order. Those of one kind that are made under the same conditions are counted together. */
export class CountedCalls {
  readonly #calls = new Map<string, CountedCall>();

  add(
    call: string,
    { field, root }: Pick<Site, 'field' | 'root'>,
    {
      include = [],
      most,
      when,
      lacks = [],
      fallback = false,
      cached = false,
      certain = false,
    }: CallOptions & { most: number },
    name = '',
  ): CountedCall {
    const per = root ? 'operation' : 'record';
    const key = JSON.stringify([call, name === '' ? [include, cached, certain] : name, per, when, fallback]);
    const known = this.#calls.get(key);
    if (known) {
      known.most += most;
      known.fields.add(field);
      return known;
    }
    const fields = new Set([field]);
    const counted: CountedCall = { call, include, per, lacks, when, fallback, cached, most, certain, fields };
    this.#calls.set(key, counted);
    return counted;
  }

  has(call: string): boolean {
    return [...this.#calls.values()].some((counted) => counted.call === call);
  }

  /** Those of the plan, or its fallbacks. */
  toPlan(fallback: boolean): PlannedCall[] {
    return alike([...this.#calls.values()].filter((counted) => counted.fallback === fallback)).map(
      ({ call, include, fields, per, when, most, certain, lacks, cached }, index) => {
        const [method = 'GET', path = '/'] = call.split(' ');
        const atMost = Number.isFinite(most) ? most : null;
        return {
          ...{ order: index + 1, method, path, include, fields: [...fields], per },
          ...{ atMost, certain, when: when ?? null, lacks, cached },
        };
      },
    );
  }
}

/** Many records by their ids are many requests, and one call of the plan. */
function alike(calls: readonly CountedCall[]): CountedCall[] {
  const grouped = new Map<string, CountedCall>();
  for (const counted of calls) {
    const { fields, most, ...rest } = counted;
    const key = JSON.stringify(rest);
    const known = grouped.get(key);
    grouped.set(key, {
      ...rest,
      most: (known?.most ?? 0) + most,
      fields: new Set([...(known?.fields ?? []), ...fields]),
    });
  }
  return [...grouped.values()];
}
