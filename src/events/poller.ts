import { setTimeout as delay } from 'node:timers/promises';
import { type Row, withIds } from '../freshsales/answer.ts';
import type { Session } from '../freshsales/client.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import { toTime } from '../freshsales/values.ts';
import { type ChangeType, isChangeType } from '../records/changes.ts';
import type { Account } from '../records/context.ts';
import type { RecordType } from '../records/record-type.ts';
import { defaultView, viewsIn } from '../records/views.ts';
import { contactType } from '../resources/contact/record.ts';
import { dealType } from '../resources/deal/record.ts';
import { salesAccountType } from '../resources/sales-account/record.ts';
import type { LoggedFeed } from './change-feed.ts';
import type { ChangeReport } from './recent-changes.ts';

export interface PollerOptions {
  readonly account: Account;
  readonly feed: LoggedFeed;
  /** The shortest time between two polls. */
  readonly everyMs: number;
  /** Takes the turn to poll, if several servers share the account. Undefined while another server has it. */
  readonly lock?: () => Promise<{ release(): Promise<void> } | undefined>;
  /** Called when polling fails for a reason other than quota. */
  readonly onFailure?: (error: unknown) => void;
}

const POLLED: readonly RecordType[] = [contactType, salesAccountType, dealType];

/** The recycle bin is looked into with every tenth poll. */
const BIN_EVERY = 10;

/** The largest factor by which polls become rarer while nothing changes. */
const MAX_FACTOR = 8;

/** The most pages of one poll. More changes than that are a mass update. */
const MAX_PAGES = 50;

/** The most pages of the recycle bin that are read. */
const MAX_BIN_PAGES = 5;

/** A change that was added at most this long before the record was updated was about that update: clocks differ. */
const CLOCK_TOLERANCE_MS = 1000;

/** The progress of reading a type: the newest time of an update, and the records of that second. */
interface Mark {
  readonly updatedAt: number;
  readonly ids: readonly string[];
}

/** Finds changes in lists that are sorted by the time of their update, in the spare quota. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #stop = new AbortController();
  #polls = 0;
  #factor = 1;
  #isReported = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Polls until it is stopped. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const found = await this.#pollInTurn();
      this.#factor = found > 0 ? 1 : Math.min(MAX_FACTOR, this.#factor * 2);
      const wait = this.#options.everyMs * (found > 0 ? 1 : this.#factor / 2);
      await delay(wait, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Looks once at each type. Returns the number of changes. */
  async poll(): Promise<number> {
    this.#polls += 1;
    let found = 0;
    for (const recordType of POLLED) {
      found += await this.#pollType(recordType);
      if (this.#polls % BIN_EVERY === 0) found += await this.#pollBin(recordType);
    }
    return found;
  }

  async #pollInTurn(): Promise<number> {
    let turn: { release(): Promise<void> } | undefined;
    try {
      turn = await this.#options.lock?.();
      if (this.#options.lock && !turn) return 0;
      const found = await this.poll();
      this.#isReported = false;
      return found;
    } catch (error) {
      // The next poll continues where this one ended.
      const isExpected = error instanceof FreshsalesError && error.code === 'RATE_LIMITED';
      if (!isExpected && !this.#isReported && !this.#stop.signal.aborted) {
        this.#isReported = true;
        this.#options.onFailure?.(error);
      }
      return 0;
    } finally {
      await turn?.release().catch(() => undefined);
    }
  }

  async #pollType(recordType: RecordType): Promise<number> {
    const type = recordType.name;
    const view = defaultView(await this.#views(recordType));
    if (!view || !isChangeType(type)) return 0;
    const mark = await this.#mark<Mark>(`poll ${type}`);
    const changed: TimedRow[] = [];
    let next: Mark | undefined;
    for (let number = 1; number <= (mark ? MAX_PAGES : 1); number += 1) {
      const rows = (await this.#page(recordType, view.id, number)).map(timed(this.#session(false).timeZone));
      const named = rows.filter(({ id }) => id !== '');
      next ??= markOf(named);
      changed.push(...named.filter((row) => !mark || isNew(row, mark)));
      // Rows of the same second may be on the next page.
      const last = rows.at(-1);
      if (rows.length < MAX_PER_PAGE || !last || (mark && last.updatedAt < mark.updatedAt)) break;
    }
    // The first poll only finds out where the next one begins.
    const reports = mark ? this.#reportsOf(type, changed, mark) : [];
    await this.#options.feed.addReports(reports);
    if (next) await this.#setMark(`poll ${type}`, mark ? later(mark, next) : next);
    return reports.length;
  }

  /** Rows of one page repeat on the next when others move up between two calls. */
  #reportsOf(type: ChangeType, rows: readonly TimedRow[], mark: Mark): ChangeReport[] {
    const byId = new Map(rows.map((row) => [row.id, row]));
    return [...byId.values()].toReversed().flatMap((row) => {
      const announced = this.#options.feed.lastChangeOf(type, row.id)?.at ?? 0;
      if (announced + CLOCK_TOLERANCE_MS >= row.updatedAt) return [];
      const isCreated = row.createdAt > mark.updatedAt;
      return [{ type, id: row.id, action: isCreated ? 'created' : 'updated', source: 'poll' } as const];
    });
  }

  async #pollBin(recordType: RecordType): Promise<number> {
    const type = recordType.name;
    const view = (await this.#views(recordType)).find(({ name }) => /recycle\s*bin/i.test(name));
    if (!view || !isChangeType(type)) return 0;
    const ids: string[] = [];
    for (let number = 1; number <= MAX_BIN_PAGES; number += 1) {
      const rows = await this.#page(recordType, view.id, number);
      ids.push(...withIds(rows).map(({ id }) => id));
      if (rows.length < MAX_PER_PAGE) break;
    }
    const known = await this.#mark<readonly string[]>(`bin ${type}`);
    const deleted = known
      ? ids.filter((id) => !known.includes(id) && this.#options.feed.lastChangeOf(type, id)?.action !== 'deleted')
      : [];
    await this.#options.feed.addReports(
      deleted.map((id) => ({ type, id, action: 'deleted' as const, source: 'poll' as const })),
    );
    await this.#setMark(`bin ${type}`, ids);
    return deleted.length;
  }

  async #page(recordType: RecordType, view: string, page: number): Promise<readonly Row[]> {
    const { rows } = await this.#session(true).page({
      path: `${recordType.path}/view/${view}`,
      many: recordType.many,
      query: { sort: 'updated_at', sort_type: 'desc' },
      page,
      perPage: MAX_PER_PAGE,
      include: [],
    });
    return rows;
  }

  async #views(recordType: RecordType) {
    return viewsIn(recordType, await this.#session(false).list(`${recordType.path}/filters`, 'filters'));
  }

  /** The lowest priority: it leaves the reserve, and twice as much, to callers. */
  #session(fresh: boolean): Session {
    return this.#options.account.freshsales.for({ priority: 'bulk', fresh, signal: this.#stop.signal });
  }

  async #mark<T>(key: string): Promise<T | undefined> {
    const log = await this.#options.feed.open();
    return (await log.values(key)).get(key) as T | undefined;
  }

  async #setMark(key: string, value: Mark | readonly string[]): Promise<void> {
    await (await this.#options.feed.open()).setValue(key, value);
  }
}

/** A row and its times in milliseconds, 0 for one that makes no sense. Freshsales' times have no fractions of a second. */
interface TimedRow {
  readonly id: string;
  readonly updatedAt: number;
  readonly createdAt: number;
}

const timed =
  (zone: TimeZone) =>
  ({ id, updated_at, created_at }: Row): TimedRow => ({
    id,
    updatedAt: millisOf(updated_at, zone),
    createdAt: millisOf(created_at, zone),
  });

/** Clocks differ, but not by a day. A mark in the future would hide all changes until then. */
const MOST_AHEAD_MS = 86_400_000;

function millisOf(cell: unknown, zone: TimeZone): number {
  const millis = Date.parse(toTime(cell, zone) ?? '') || 0;
  return millis > Date.now() + MOST_AHEAD_MS ? 0 : millis;
}

/** The newest rows of a page. */
function markOf(rows: readonly TimedRow[]): Mark {
  const updatedAt = rows.reduce((newest, row) => Math.max(newest, row.updatedAt), 0);
  return { updatedAt, ids: rows.filter((row) => row.updatedAt === updatedAt).map(({ id }) => id) };
}

const isNew = ({ id, updatedAt }: TimedRow, mark: Mark): boolean =>
  updatedAt > mark.updatedAt || (updatedAt === mark.updatedAt && !mark.ids.includes(id));

/** A mark never goes back: after a page that is empty or has no times, all records would be taken for new. */
function later(mark: Mark, next: Mark): Mark {
  if (next.updatedAt !== mark.updatedAt) return next.updatedAt > mark.updatedAt ? next : mark;
  return { ...next, ids: [...new Set([...mark.ids, ...next.ids])] };
}
