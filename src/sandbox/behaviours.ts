/** Behaviour that differs between accounts or is not known for certain. Can be changed between requests. */
export interface Behaviours {
  /** Includes that views honour: all, or only those confirmed on real accounts. */
  viewsHonour: 'all' | 'evidence';
  /** True if `"detail": true` makes filtered search return whole records. */
  filteredSearchDetail: boolean;
  /** Response of filtered search without matches: `{}`, or an empty array with `meta`. */
  filteredSearchEmpty: 'object' | 'array';
  /** True if side-loaded rows bring their own related rows. */
  transitive: boolean;
  /** Limits the side-loaded rows of to-many includes to this number. The `*_ids` stay complete. */
  truncateSideloadsAt: number | null;
  /** Delay until search and lookup see new and changed records. */
  searchDelaySeconds: number;
  /** The most rows of a page, whatever `per_page` asks for. */
  maxPerPage: number;
  hourlyLimit: number;
  minuteLimit: number;
  /** Every nth response is a 500. */
  failEvery: number | null;
  /** Called with each request before it is answered. Can change records between two pages of a list. */
  onRequest: (request: string) => void;
  /** Decides about single includes before all other rules; `undefined` applies those. Endpoints are written as `GET /contacts/{id}`. */
  honourIncludes: (endpoint: string, include: string) => boolean | undefined;
  /** True if `include=notes` works on accounts. There is no evidence that it does. */
  accountNotesInclude: boolean;
  /** True if writes honour `?include=`. */
  writesHonourIncludes: boolean;
  /** Duration of a bulk job, by the sandbox's clock. */
  jobSeconds: number;
  /** Maximum number of unfinished jobs. Further ones are refused with 405. */
  maxParallelJobs: number;
  /** True if a job's `data` is JSON encoded as a string, as one client has seen. */
  jobDataAsText: boolean;
  /** True if completed tasks have a completion date. Accounts of 2026 have it, those of 2023 do not. */
  completedDateFilled: boolean;
  /** True if mobile numbers of contacts must be unique. */
  uniqueMobileNumbers: boolean;
  /** The unique field of deals, such as `cf_purchase_order`. Without one, Freshsales refuses to upsert deals in bulk. */
  uniqueDealField: string | null;
  /** Response to restoring a product: `{"success":"200"}` as recorded, or the product as documented. */
  restoredProduct: 'success' | 'record';
  /** True if a create of a product stores its prices. Only updates are known to. */
  pricesInCreate: boolean;
  rateLimitHeaders: boolean;
  /** True if lists of tasks and appointments need a filter, as documented. Real accounts list all without one. */
  strictFilters: boolean;
  /** True if `filter=upcoming` also lists appointments that are over, as one account did. */
  upcomingKeepsPast: boolean;
  /** The form in which mobile numbers are stored: their digits and a leading plus, or as they were sent. */
  mobileNumbers: 'digits' | 'as sent';
  /** The handling of phone calls sent as JSON. `partial`: the target is dropped, and a note is refused. */
  phoneCallJson: 'complete' | 'partial';
  /** The order of the keys of a response. `reversed`: side-loaded rows come last, and columns are in reverse order. */
  keyOrder: 'recorded' | 'reversed';
  /** Columns of Classic: all that were ever recorded, or only those of the early recordings of 2018 to 2020. */
  classicColumns: 'all' | 'early';
  /** True if there is an "All Deals" view. Accounts of 2026 have it, those of 2023 do not. */
  allDealsView: boolean;
}

/** The behaviour of most accounts. */
export const defaultBehaviours = (): Behaviours => ({
  viewsHonour: 'all',
  filteredSearchDetail: true,
  filteredSearchEmpty: 'array',
  transitive: true,
  truncateSideloadsAt: null,
  searchDelaySeconds: 0,
  maxPerPage: 100,
  hourlyLimit: 1000,
  minuteLimit: 400,
  failEvery: null,
  onRequest: () => {},
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
  pricesInCreate: true,
  rateLimitHeaders: true,
  strictFilters: false,
  upcomingKeepsPast: false,
  mobileNumbers: 'digits',
  phoneCallJson: 'complete',
  keyOrder: 'recorded',
  classicColumns: 'all',
  allDealsView: true,
});

/** A response that replaces the real one. */
export interface FailedAnswer {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** Apply the request, and lose only its response. */
  performed?: boolean;
  /** Delay of the response in milliseconds. */
  delay?: number;
  /** No response: the fetch is rejected, as with a broken network. */
  drop?: boolean;
}
