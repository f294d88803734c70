import type { Product } from '../../src/freshsales/products.ts';
import type { Identified, Table } from '../../src/freshsales/resource.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** One mutation: what is asked, what goes over the wire, what comes back, and what is then true. */
export interface Case {
  readonly mutation: string;
  /** The arguments, as they stand between the brackets. */
  readonly args: string;
  /** What is selected beside `userErrors`. */
  readonly select: string;
  readonly product?: Product;
  /** Puts records into the sandbox that the office lacks. */
  readonly given?: (sandbox: Sandbox) => unknown;
  /** The requests, all of them. */
  readonly requests: readonly string[];
  /** What was sent with the last of the writes; left out where nothing was. */
  readonly body?: unknown;
  /** The payload without `userErrors`. */
  readonly payload: object;
  /** Looked up in the sandbox's own tables afterwards, and what stands there. */
  readonly look: (sandbox: Sandbox) => unknown;
  readonly there: unknown;
}

/** Some columns of a record; undefined where it is gone for good. */
export const columns =
  <R extends Identified>(table: Table<R>, id: string, ...names: (keyof R)[]) =>
  (sandbox: Sandbox): unknown => {
    const row = sandbox.get(table, id);
    return row && Object.fromEntries(names.map((name) => [name, row[name]]));
  };

/** Some columns of the record that was made last. */
export const latest =
  <R extends Identified>(table: Table<R>, ...names: (keyof R)[]) =>
  (sandbox: Sandbox): unknown =>
    columns(table, sandbox.rows(table).at(-1)?.id ?? '', ...names)(sandbox);

/** A look at a job, whose id is as random as Freshsales' own. */
export const JOB = 'GET /job_statuses/{id}';

/** Requests with the ids of jobs left out. */
export const withoutJobIds = (requests: readonly string[]): string[] =>
  requests.map((request) => request.replace(/job_statuses\/[\w-]+/, 'job_statuses/{id}'));
