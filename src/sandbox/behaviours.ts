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
  /** For how long search and lookup do not notice that a record is new, or has changed. */
  searchDelaySeconds: number;
  hourlyLimit: number;
  minuteLimit: number;
  /** Every nth answer is a 500. */
  failEvery: number | null;
  /** Decides over single includes, before all else; `undefined` leaves the decision to the rest. The endpoint is written as in the coverage table. */
  honourIncludes: (endpoint: string, include: string) => boolean | undefined;
  /** Whether `include=notes` works on accounts, for which there is no evidence. */
  accountNotesInclude: boolean;
  /** Whether writes take `?include=` at all. */
  writesHonourIncludes: boolean;
  /** How long a bulk job runs, by the clock of the sandbox. */
  jobSeconds: number;
  /** Jobs that may be unfinished at a time; one more is refused with 405. */
  maxParallelJobs: number;
  /** Whether a job's `data` is JSON within JSON, as one client has seen it. */
  jobDataAsText: boolean;
  /** Whether a completed task says when: accounts of 2026 do, those of 2023 do not. */
  completedDateFilled: boolean;
  /** Whether two contacts may not have one mobile number. */
  uniqueMobileNumbers: boolean;
  /** The field of deals that is unique, such as `cf_purchase_order`; without one Freshsales refuses to upsert deals in bulk. */
  uniqueDealField: string | null;
  /** What the restoring of a product answers: recorded was `{"success":"200"}`, documented is the product. */
  restoredProduct: 'success' | 'record';
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
  writesHonourIncludes: true,
  jobSeconds: 1,
  maxParallelJobs: 5,
  jobDataAsText: false,
  completedDateFilled: true,
  uniqueMobileNumbers: false,
  uniqueDealField: null,
  restoredProduct: 'success',
  rateLimitHeaders: true,
  allDealsView: true,
});
