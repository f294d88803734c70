import type { ChangeFeed } from '../records/changes.ts';
import { ExportError } from './export-error.ts';
import type { ExportedRow } from './page-reader.ts';
import { patiently } from './patience.ts';
import type { ExportOptions, RunningExport } from './run-export.ts';

/** Changes that are read together. */
const MANY = 100;

/** Changed records that were read. */
export interface WatchedRecords {
  readonly ids: readonly string[];
  /** Those that still exist. */
  readonly count: number;
}

/**
 * Appends each record that changes, until it is stopped. A record that was deleted is a row with its id and `isDeleted`. `onRead` is
 * called once for those that were read together.
 */
export async function watch(
  options: ExportOptions,
  feed: ChangeFeed,
  running: RunningExport,
  onRead: (records: WatchedRecords) => void,
): Promise<void> {
  const { type, signal, progress } = options;
  const { state, reader, write } = running;
  const changes = await readerAt(feed, state.cursor);
  // Waiting for the feed does not keep the process alive.
  const alive = setInterval(() => {}, 60_000);
  signal.addEventListener('abort', () => clearInterval(alive), { once: true });
  while (!signal.aborted) {
    const page = await changes.next(MANY);
    const ids = [...new Set(page.entries.filter((each) => each.type === type.recordType.name).map(({ id }) => id))];
    if (ids.length > 0) {
      const { rows } = await patiently(() => reader.records(ids), options);
      state.cursor = page.end;
      write(
        ids.map((databaseId, index): ExportedRow => rows[index] ?? { databaseId, isDeleted: true }),
        [],
      );
      onRead({ ids, count: rows.filter((row) => row !== null).length });
      progress.note(`${ids.length} changed: ${state.rows} rows in ${options.out}.`);
    }
    if (!page.hasMore) await changes.wait(signal);
  }
}

async function readerAt(feed: ChangeFeed, cursor: string | undefined) {
  try {
    return await feed.readFrom(cursor === undefined ? 'end' : { after: cursor });
  } catch (error) {
    throw new ExportError(`${(error as Error).message} Add --restart to export everything again.`);
  }
}
