import type { Needs } from '../records/needs.ts';
import type { CostEstimate } from './cost-estimate.ts';
import type { Site } from './planned-calls.ts';

/** How records become known: read by id, as rows of a page or of a thin one, or side-loaded (`along`). */
export type Origin = 'read' | 'page' | 'thin' | 'along';

/** Some records of one type, and how they become known. */
export interface Records {
  /** Their path in the answer; empty for the operation itself. */
  readonly path: string;
  readonly most: number;
  readonly usual: number;
  readonly origin: Origin;
  /** The call that returned them as rows, as a template. */
  readonly call?: string | undefined;
  /** In how many steps they may become known. */
  readonly batches: number;
  /** Their only columns, if fewer than side-loaded rows of the type usually have. */
  readonly brings?: readonly string[] | undefined;
  /** Columns by which they can be searched, although their rows lack everything. */
  readonly foundBy?: readonly string[] | undefined;
  /** Whether their row is documented to be side-loaded, and whether only their id may be needed. */
  readonly documented: boolean;
  /** Whether neither an include nor a side-load of side-loads brings their row. */
  readonly unasked: boolean;
  readonly referred: boolean;
}

export const READ = { origin: 'read', documented: true, unasked: false, referred: false } as const;

/** Adds a lookup whose rows may not be side-loaded, or without what is selected. */
export function readLookup(
  list: string,
  records: Records,
  { isMissing, isWanted }: { isMissing: boolean; isWanted: boolean },
  estimate: CostEstimate,
): void {
  if (isMissing || !records.documented) {
    if (records.referred && !isWanted) return;
    const when = 'only for rows that are not side-loaded, or lack selected columns';
    estimate.list(list, siteOf(records), { when, isExpected: (isMissing && !records.brings) || records.unasked });
  } else if (records.origin === 'along')
    estimate.list(list, siteOf(records), { when: 'only for rows that are not side-loaded', fallback: true });
}

export const siteOf = ({ path, most, usual }: Records): Site => ({ field: path, most, usual, root: false });

export const wants = ({ columns, includes }: Needs): boolean => columns.size > 0 || includes.size > 0;

/** The condition under which a record has to be read although everything selected of it should be known. */
export function whenIncomplete(origin: Origin, needs: Needs): string | undefined {
  if (origin === 'along') return 'only for records that are not side-loaded';
  if (origin === 'page' && needs.includes.size > 0)
    return `only if include=${[...needs.includes].join(',')} is not honoured`;
  if (origin === 'thin' && wants(needs)) return 'only if rows lack selected columns';
  return undefined;
}
