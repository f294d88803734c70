/** What a selection needs of a record. */
export interface Needs {
  /** Plain columns. */
  readonly columns: ReadonlySet<string>;
  /** Relations, by the include that brings them. */
  readonly includes: ReadonlySet<string>;
  /** Includes that are requested with a call that is made anyway, but are not worth a call of their own. */
  readonly extras: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

export const NOTHING: Needs = { columns: none, includes: none, extras: none };

/** Needs of one include only. */
export const needsInclude = (name: string): Needs => ({ ...NOTHING, includes: new Set([name]) });

/** Needs of some columns only. */
export const needsColumns = (...columns: string[]): Needs => ({ ...NOTHING, columns: new Set(columns) });

/** The union of several needs. */
export function union(needs: readonly Needs[]): Needs {
  const [one = NOTHING, ...others] = needs.filter((each) => each !== NOTHING);
  if (others.every((other) => other === one)) return one;
  return {
    columns: new Set(needs.flatMap(({ columns }) => [...columns])),
    includes: new Set(needs.flatMap(({ includes }) => [...includes])),
    extras: new Set(needs.flatMap(({ extras }) => [...extras])),
  };
}

/** The includes that a call for these needs requests. */
export const includesToAsk = ({ includes, extras }: Needs): string[] => [...new Set([...includes, ...extras])];
