/** A call, or several of one kind, that an operation will or may make. */
export interface PlannedCall {
  /** Position in the plan, from 1. */
  readonly order: number;
  readonly method: string;
  /** Path below the API root, as a template: `/contacts/view/{id}`. */
  readonly path: string;
  /** Requested includes. */
  readonly include: readonly string[];
  /** The fields that cause it, as paths of the answer: `contacts.nodes.owner`. */
  readonly fields: readonly string[];
  /** Once for the operation, or once for each record. */
  readonly per: 'operation' | 'record';
  /** The most calls over the whole operation. Null if unknown. */
  readonly atMost: number | null;
  /** True if it is made whatever the records contain. */
  readonly certain: boolean;
  /** The condition, if it is not certain. */
  readonly when: string | null;
  /** Fields whose columns are not side-loaded. */
  readonly lacks: readonly string[];
  /** True if the response is cached, so that the call is free. */
  readonly cached: boolean;
}

/** The cost of an operation before it runs, in Freshsales calls. */
export interface Plan {
  /** The planned calls, in order. */
  readonly calls: readonly PlannedCall[];
  /** Further calls on an account that does not behave as documented. */
  readonly fallbacks: readonly PlannedCall[];
  /** Fewest calls, if nothing is refused. */
  readonly lowerBound: number;
  /** Expected on an account that behaves as documented, if every list is as long as requested. The limit is held against this. */
  readonly needed: number;
  /**
   * Most calls on an account that sends complete side-loads and honours every include that it was not seen to ignore in the last
   * hour. Null if unknown.
   */
  readonly upperBoundIfHonoured: number | null;
  /** Most calls on any account. Null if unknown. */
  readonly upperBound: number | null;
  /** Cheaper ways to the same data, or more data for the same calls. */
  readonly hints: readonly string[];
}

export const callsText = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);

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
