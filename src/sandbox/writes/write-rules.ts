import type { Account } from '../account.ts';
import type { Row } from '../store.ts';
import type { Cast } from './cast.ts';
import type { Step } from './draft.ts';

/** How one record type is written. */
export interface WriteRules {
  /** Columns that are stored as sent, once they are cast. All others are ignored. */
  readonly columns: Readonly<Record<string, Cast>>;
  /** What is not a plain column, what must be there, and what follows; in this order, after the columns. */
  readonly steps: readonly Step[];
  /** What the record's neighbours take from it. `before` and `after` are missing where it was not there. */
  readonly settle?: (account: Account, before: Row | undefined, after: Row | undefined) => void;
}
