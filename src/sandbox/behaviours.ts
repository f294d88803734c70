/** What is not the same in every account, or not known for certain. May be changed between requests. */
export interface Behaviours {
  /** Includes that views take: all, or only those that somebody saw working. */
  viewsHonour: 'all' | 'evidence';
  /** Whether `"detail": true` makes filtered search answer with whole records. */
  filteredSearchDetail: boolean;
  /** What filtered search answers when nothing matches: `{}`, or an empty array with `meta`. */
  filteredSearchEmpty: 'object' | 'array';
  /** Whether side-loaded rows bring their own related rows. */
  transitive: boolean;
  /** Cuts the top-level rows of to-many includes to this number; the `*_ids` stay complete. */
  truncateSideloadsAt: number | null;
  /** For how long a new record is not found by search and lookup. */
  searchDelaySeconds: number;
  hourlyLimit: number;
  minuteLimit: number;
  /** Every nth answer is a 500. */
  failEvery: number | null;
  /** Decides over single includes, before all else; `undefined` leaves the decision to the rest. The endpoint is written as in the coverage table. */
  honourIncludes: (endpoint: string, include: string) => boolean | undefined;
  /** Whether `include=notes` works on accounts, for which there is no evidence. */
  accountNotesInclude: boolean;
  rateLimitHeaders: boolean;
  /** Whether there is an "All Deals" view: accounts of 2026 have it, those of 2023 do not. */
  allDealsView: boolean;
}

/** The account that most people have. */
export const defaultBehaviours = (): Behaviours => ({
  viewsHonour: 'all',
  filteredSearchDetail: true,
  filteredSearchEmpty: 'array',
  transitive: true,
  truncateSideloadsAt: null,
  searchDelaySeconds: 0,
  hourlyLimit: 1000,
  minuteLimit: 400,
  failEvery: null,
  honourIncludes: () => undefined,
  accountNotesInclude: false,
  rateLimitHeaders: true,
  allDealsView: true,
});
