import { type Call, templateOf } from '../freshsales/transport.ts';
import type { RecordType } from '../records/record-type.ts';

interface Group {
  readonly recordType: RecordType | undefined;
  readonly paths: Set<string>;
}

/** Counts each different request once. A view that is not known yet may be any. */
export class DistinctRequests {
  readonly #groups = new Map<string, Group>();

  /** `recordType`: where the request reads a record by its id. */
  add({ method, path, query, body }: Call, recordType: RecordType | undefined): void {
    const key = JSON.stringify([method, templateOf(path), query ?? {}, body ?? {}]);
    const group = this.#groups.get(key) ?? { recordType, paths: new Set<string>() };
    if (!isOpen(path)) group.paths.add(path);
    this.#groups.set(key, group);
  }

  /** Adds up the cost of requests that differ in their ids only. */
  sum(costOf: (count: number, recordType: RecordType | undefined) => number): number {
    return [...this.#groups.values()].reduce(
      (sum, { recordType, paths }) => sum + costOf(Math.max(1, paths.size), recordType),
      0,
    );
  }
}

/** Whether an id in the path is still unknown. */
export const isOpen = (path: string): boolean => path.includes('{');

/** A request with the includes that it asks for. */
export const withInclude = (request: Call, include: readonly string[]): Call =>
  include.length > 0 ? { ...request, query: { ...request.query, include: include.join(',') } } : request;

/** The first of some requests, as a template. */
export const callOf = ([first]: readonly Call[]): string =>
  first ? `${first.method} /${templateOf(first.path)}` : 'GET /';
