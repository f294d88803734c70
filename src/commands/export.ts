import { extname } from 'node:path';
import { type Config, readConfig } from '../config/config.ts';
import { Checkpoint } from '../export/checkpoint.ts';
import { ExportError } from '../export/export-error.ts';
import { type ExportedType, exportedType } from '../export/exported-types.ts';
import { objectTypeOf } from '../export/page-reader.ts';
import { createProgress, number } from '../export/progress.ts';
import { readQueryFile } from '../export/query-file.ts';
import type { Format } from '../export/row-format.ts';
import { type ExportOptions, type ExportState, runExport } from '../export/run-export.ts';
import { defaultSelection, namedSelection, type RowSelection } from '../export/selection.ts';
import { type WatchedRecords, watch } from '../export/watch.ts';
import type { Account } from '../records/context.ts';
import { type Connection, connectTo } from '../server/connect.ts';
import { print, warn } from '../terminal.ts';
import { onlyProduct, percentOf, StartError, warnOf } from './start.ts';
import { onSignals, stopped } from './stop.ts';
import { openTransferAudit } from './transfer-audit.ts';

interface ExportCommand {
  readonly out?: string;
  readonly format?: string;
  readonly fields?: string;
  readonly query?: string;
  readonly view?: string;
  readonly where?: string;
  readonly since?: string;
  readonly watch?: boolean;
  readonly escapeFormulas?: boolean;
  readonly restart?: boolean;
  readonly share: string;
}

/** Pages are read once. Lookups and accounts of many contacts are worth keeping. */
const CACHE_BYTES = 8_000_000;

/** Exports a whole record type to a file. */
export async function exportRecords(name: string, given: ExportCommand): Promise<void> {
  const config = readConfig();
  const type = exportedType(name, onlyProduct(config));
  const settled = settingsOf(type, name, given);
  const stop = onSignals();
  const audit = await openTransferAudit(config);
  const connection = await connectTo({ ...config, cache: { ...config.cache, maxBytes: CACHE_BYTES } });
  warnOf(config);
  try {
    const { own } = connection;
    if (!own) throw new StartError('There is no key to export with. Set FRESHSALES_API_KEY.');
    const options = { ...settled, ...selectionOf(type, given, own), ...surroundings(config, connection, own) };
    const giveBack = options.checkpoint.take();
    if (given.restart) options.checkpoint.remove();
    let noted = options.checkpoint.read();
    await exportAll({ ...options, signal: stop.signal }, given, connection, (state, watched) => {
      const count = (state?.rows ?? 0) - (noted?.rows ?? 0);
      const calls = (state?.calls ?? 0) - (noted?.calls ?? 0);
      const fields = [watched ? `export ${name} --watch` : `export ${name}`];
      noted = state && { ...state };
      audit.note(own, {
        operation: 'query',
        fields,
        writes: [],
        calls,
        codes: [],
        reads: [{ what: type.recordType.name, count, ...watched, related: [] }],
      });
    }).finally(giveBack);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stopped('Stopped. Run the same command again to go on.');
  } finally {
    stop.end();
    audit.close();
    await connection.close();
  }

  function surroundings(settings: Config, { feed }: Connection, account: Account) {
    return {
      account,
      type,
      zone: settings.timeZone,
      checkpoint: new Checkpoint<ExportState>(settings.changes.folder, 'export', settled.out),
      progress: createProgress({ hour: () => account.ledger.hour }),
      feedEnd: async () => (given.watch ? (await (await feed.readFrom('end')).next(0)).end : undefined),
    };
  }
}

async function exportAll(
  options: ExportOptions,
  given: ExportCommand,
  { feed }: Connection,
  note: (state: ExportState | undefined, watched?: WatchedRecords) => void,
): Promise<void> {
  const { out, progress, checkpoint } = options;
  const running = await runExport(options).finally(() => {
    progress.end();
    note(checkpoint.read());
  });
  const { state, wasDone } = running;
  try {
    if (!wasDone) print(...summaryOf(out, state));
    if (!given.watch) return checkpoint.remove();
    warn(`Watching for changes. Ctrl-C stops, and the same command goes on.`);
    await watch(options, feed, running, (watched) => note(state, watched));
    stopped('Stopped. Run the same command again to go on.');
  } finally {
    running.close();
  }
}

/** Changes of this time before the start are exported again, in case the clocks differ. */
const OVERLAP_MS = 5 * 60_000;

function summaryOf(out: string, { rows, calls, problems, startedAt }: ExportState): string[] {
  const empty = problems > 0 ? ` ${number(problems)} values could not be read and are empty.` : '';
  const next = `${new Date(startedAt - OVERLAP_MS).toISOString().slice(0, 19)}Z`;
  return [
    `Exported ${number(rows)} rows to ${out} with ${number(calls)} ${calls === 1 ? 'call' : 'calls'}.${empty}`,
    `For what changes from now on: --since ${next}`,
  ];
}

function settingsOf({ filter, recordType }: ExportedType, name: string, given: ExportCommand) {
  const { view, where, since, escapeFormulas = false, share } = given;
  const format = formatOf(given);
  if (view !== undefined && where !== undefined)
    throw new ExportError('--view and --where cannot be used together. Leave one of them out.');
  if ((view !== undefined || where !== undefined) && (!filter || !recordType.hasViews))
    throw new ExportError(`${name} have no views and no filters. Leave out --view and --where.`);
  if (given.fields !== undefined && given.query !== undefined)
    throw new ExportError('--fields and --query cannot be used together. Leave one of them out.');
  return {
    view,
    format,
    escapeFormulas,
    sharePercent: percentOf(share),
    out: given.out ?? `${name}.${format}`,
    where: where === undefined ? undefined : jsonOf(where),
    since: since === undefined ? undefined : timeOf(since),
  };
}

const isFormat = (text: string): text is Format => text === 'csv' || text === 'jsonl';

function formatOf({ format, out = '' }: ExportCommand): Format {
  if (format === undefined) return extname(out).toLowerCase() === '.csv' ? 'csv' : 'jsonl';
  if (!isFormat(format)) throw new ExportError('--format is not valid. Set it to csv or jsonl.');
  return format;
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The same answer as for other values.
  }
  throw new ExportError(`--where is not a JSON object. Write for example '{"country":{"is":"Germany"}}'.`);
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;

/** Freshsales' times have no fractions of seconds. */
function timeOf(text: string): number {
  const time = DAY.test(text) || TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new ExportError('--since is not valid. Set it to a time with its offset, such as 2026-11-26T22:00:00Z.');
  return Math.floor(time / 1000) * 1000;
}

function selectionOf(
  type: ExportedType,
  { fields, query }: ExportCommand,
  account: Account,
): { selection: RowSelection; onlyCustom: readonly string[] } {
  const { type: objectType } = objectTypeOf(account, type);
  if (fields !== undefined) {
    const { selection, custom } = namedSelection(objectType, fields);
    return { selection, onlyCustom: custom };
  }
  if (query === undefined) return { selection: defaultSelection(objectType), onlyCustom: [] };
  const list = type.recordType.many.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
  return { selection: readQueryFile({ file: query, list, typeName: objectType.name }), onlyCustom: [] };
}
