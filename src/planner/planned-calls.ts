import type { PlannedCall } from './planned-call.ts';

export interface LineOptions {
  readonly include?: readonly string[];
  readonly when?: string | undefined;
  readonly fallback?: boolean;
  readonly lacks?: readonly string[];
  readonly cached?: boolean;
  readonly certain?: boolean;
}

/** A line of a bill. */
export interface PlannedLine {
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

export interface Total {
  most: number;
  planned: number;
}

/** The lines of a bill in order. Calls of one kind that are made under the same conditions are one line. */
export class Lines {
  readonly #lines = new Map<string, PlannedLine>();

  add(
    call: string,
    { field, root }: { field: string; root: boolean },
    {
      include = [],
      most,
      when,
      lacks = [],
      fallback = false,
      cached = false,
      certain = false,
    }: LineOptions & { most: number },
    name = '',
  ): PlannedLine {
    const per = root ? 'operation' : 'record';
    const key = JSON.stringify([call, name === '' ? [include, cached, certain] : name, per, when, fallback]);
    const known = this.#lines.get(key);
    if (known) {
      known.most += most;
      known.fields.add(field);
      return known;
    }
    const fields = new Set([field]);
    const line: PlannedLine = { call, include, per, lacks, when, fallback, cached, most, certain, fields };
    this.#lines.set(key, line);
    return line;
  }

  has(call: string): boolean {
    return [...this.#lines.values()].some((line) => line.call === call);
  }

  /** How often each call is made at the most, whatever for, and without what comes on top of the plan. */
  totals(): ReadonlyMap<string, Total> {
    const totals = new Map<string, Total>();
    for (const { call, most, fallback } of this.#lines.values()) {
      const total = totals.get(call) ?? { most: 0, planned: 0 };
      total.most += most;
      if (!fallback) total.planned += most;
      totals.set(call, total);
    }
    return totals;
  }

  /** Those of the plan, or those that come on top of it. */
  toCalls(fallback: boolean): PlannedCall[] {
    return alike([...this.#lines.values()].filter((line) => line.fallback === fallback)).map(
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

/** Many records by their ids are many requests, and one line. */
function alike(lines: readonly PlannedLine[]): PlannedLine[] {
  const grouped = new Map<string, PlannedLine>();
  for (const line of lines) {
    const { fields, most, ...rest } = line;
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
