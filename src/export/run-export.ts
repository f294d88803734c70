import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { TimeZone } from '../freshsales/time-zone.ts';
import type { Account } from '../records/context.ts';
import { filterQuery, listedPages, type PagedList, type Sort, searchPath, sortQuery } from '../records/pages.ts';
import { readViews, unknownView, viewIdOf, viewPages } from '../records/views.ts';
import { ungroupedFields } from '../schema/fields.ts';
import { fieldsPath } from '../server/account-schema.ts';
import { type Checkpoint, checkIsFile, GrowingFile, sizeOf } from './checkpoint.ts';
import { ExportError } from './export-error.ts';
import type { ExportedType } from './exported-types.ts';
import { type ExportedPage, type ExportedRow, objectTypeOf, PageReader, ReadFailure } from './page-reader.ts';
import { createCallMeter, patiently } from './patience.ts';
import { number, type ProgressReport } from './progress.ts';
import { createFormat, type Format, type RowFormat } from './row-format.ts';
import { columnsOf, type RowSelection, withCustomColumns } from './selection.ts';
import { newWalk, resumed, type Step, type WalkState, walk } from './whole-list.ts';

export interface ExportOptions {
  readonly account: Account;
  readonly type: ExportedType;
  readonly selection: RowSelection;
  /** The only custom fields to show. All if empty. */
  readonly onlyCustom: readonly string[];
  readonly view?: string | undefined;
  readonly where?: unknown;
  /** In milliseconds. */
  readonly since?: number | undefined;
  readonly out: string;
  readonly format: Format;
  readonly escapeFormulas: boolean;
  readonly sharePercent: number;
  readonly zone: TimeZone;
  readonly checkpoint: Checkpoint<ExportState>;
  readonly progress: ProgressReport;
  readonly signal: AbortSignal;
  /** The present position of the change feed, for a watch that follows. */
  readonly feedEnd: () => Promise<string | undefined>;
}

/** The state of an export. */
export interface ExportState {
  /** Identifies the options. */
  readonly options: string;
  readonly startedAt: number;
  rows: number;
  calls: number;
  problems: number;
  /** Sizes of the output and of the file of ids. */
  bytes: number;
  idBytes: number;
  /** The account refuses lists without a filter. */
  isSplit: boolean;
  walk: WalkState;
  /** Names of custom fields that are columns. */
  custom: readonly string[];
  /** All rows were written. */
  isDone: boolean;
  /** The position at which the change feed continues. */
  cursor?: string | undefined;
}

/** An export that is under way, for what goes on after it. */
export interface RunningExport {
  readonly state: ExportState;
  readonly reader: PageReader;
  readonly wasDone: boolean;
  /** Writes rows and the checkpoint. */
  write(rows: readonly ExportedRow[], ids: readonly string[]): void;
  close(): void;
}

/** Writes all records of a type to a file, or the rest of them after an interruption. */
export async function runExport(options: ExportOptions): Promise<RunningExport> {
  const { account, checkpoint, signal, progress, out } = options;
  const calls = createCallMeter({ hour: () => account.ledger.hour }, options.sharePercent);
  const reader = new PageReader({ ...options, meter: calls.meter });
  const known = new Set<string>();
  const state = restored(options, known) ?? (await begun(options, reader));
  const before = state.calls;
  checkIsFile(out);
  // An unknown view is refused before an earlier file is overwritten.
  const lists = state.isDone ? [] : await listsOf(options, reader, state.isSplit);
  const output = new GrowingFile(out, state.bytes);
  const ids = new GrowingFile(checkpoint.beside('ids'), state.idBytes);
  const format = formatOf(options, state.custom);
  const save = () => {
    Object.assign(state, { calls: before + calls.calls, bytes: output.size, idBytes: ids.size });
    checkpoint.save(state);
  };
  const write: RunningExport['write'] = (rows, written) => {
    output.append(format.toText(rows));
    ids.append(written.map((id) => `${id}\n`).join(''));
    state.rows += rows.length;
    output.sync();
    save();
  };
  const close = () => {
    output.close();
    ids.close();
  };
  const wasDone = state.isDone;
  try {
    if (state.bytes === 0) output.append(format.header);
    const say = createProblemNotes(state, progress);
    if (!wasDone)
      for await (const { page, news, total } of steps(options, { reader, state, known, lists, save })) {
        signal.throwIfAborted();
        const added = news.map((index) => String(page.wire[index]?.id));
        for (const id of added) known.add(id);
        say(page);
        write(
          news.map((index) => page.rows[index]).filter((row) => row !== null && row !== undefined),
          added,
        );
        progress.show({ rows: state.rows, total: options.since === undefined ? total : undefined, calls: state.calls });
      }
    state.isDone = true;
    save();
    return { state, reader, wasDone, write, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Says each kind of problem once. */
function createProblemNotes(state: ExportState, progress: ProgressReport): (page: ExportedPage) => void {
  const said = new Set<string>();
  return ({ problems }) => {
    state.problems += problems.length;
    for (const problem of problems.filter((each) => !said.has(each)).slice(0, 5)) {
      said.add(problem);
      progress.note(`A value could not be read and is empty: ${problem}`);
    }
  };
}

interface Walking {
  readonly reader: PageReader;
  readonly state: ExportState;
  readonly known: Set<string>;
  readonly lists: readonly PagedList[];
  readonly save: () => void;
}

async function* steps(options: ExportOptions, { reader, state, known, lists, save }: Walking): AsyncGenerator<Step> {
  const { progress, signal, since, zone, view, where, type } = options;
  const walking = {
    state: state.walk,
    known,
    since,
    zone,
    // A record that changes may leave a view or a filter.
    overlaps: view !== undefined || where !== undefined,
    read: (list: PagedList, page: { page: number; perPage: number }) =>
      patiently(() => reader.page(list, page), { progress, signal }),
  };
  try {
    yield* walk({ ...walking, lists });
  } catch (error) {
    const isRefused = error instanceof ReadFailure && error.code === 'BAD_USER_INPUT' && type.filters && !state.isSplit;
    if (isRefused) {
      state.isSplit = true;
      save();
      return yield* walk({ ...walking, lists: await listsOf(options, reader, true) });
    }
    throw view !== undefined && error instanceof ReadFailure ? await viewError(error, options, reader) : error;
  }
}

/** Freshsales refuses an unknown view as if it were forbidden. */
async function viewError(error: ReadFailure, { type, view = '' }: ExportOptions, reader: PageReader) {
  if (error.code !== 'FORBIDDEN' && error.code !== 'NOT_FOUND') return error;
  const views = await readViews(reader.context(), type.recordType);
  return views.some(({ id }) => id === view)
    ? error
    : new ExportError(unknownView(type.recordType, view, views).message);
}

async function listsOf(
  { type: { recordType, filters = [] }, view, since, progress, signal }: ExportOptions,
  reader: PageReader,
  isSplit: boolean,
): Promise<PagedList[]> {
  const sort: Sort = { field: since === undefined ? 'created_at' : 'updated_at', direction: 'desc' };
  const { rules } = reader;
  if (rules) {
    const path = searchPath(recordType);
    return [{ key: `${path} export`, recordType, path, query: sortQuery(sort), sort, rules, detail: true }];
  }
  if (recordType.hasViews) {
    const id = await patiently(() => viewIdOf(reader.context(), recordType, view).catch(explained), {
      progress,
      signal,
    });
    return [viewPages(recordType, id, sort)];
  }
  return (isSplit ? filters : ['all']).map((filter) => listedPages(recordType, filterQuery(filter)));
}

function explained(error: unknown): never {
  if (error instanceof GraphQLError) throw new ExportError(error.message);
  throw error;
}

async function begun(options: ExportOptions, reader: PageReader): Promise<ExportState> {
  const cursor = await options.feedEnd();
  return {
    options: fingerprintOf(options),
    startedAt: Date.now(),
    rows: 0,
    calls: 0,
    problems: 0,
    bytes: 0,
    idBytes: 0,
    isSplit: false,
    walk: newWalk(),
    isDone: false,
    cursor,
    custom: await customNames(options, reader),
  };
}

/** The state of an interrupted export, and the ids of its rows. */
function restored(options: ExportOptions, known: Set<string>): ExportState | undefined {
  const { checkpoint, out, progress } = options;
  const state = checkpoint.read();
  if (!state) return undefined;
  if (state.options !== fingerprintOf(options))
    throw new ExportError(
      `${out} has an unfinished export with other options. Repeat those to go on, or add --restart to begin again.`,
    );
  if (sizeOf(out) < state.bytes || sizeOf(checkpoint.beside('ids')) < state.idBytes)
    throw new ExportError(`${out} was changed since its export was interrupted. Add --restart to begin again.`);
  const ids = readFileSync(checkpoint.beside('ids')).subarray(0, state.idBytes).toString();
  for (const id of ids.split('\n')) if (id !== '') known.add(id);
  progress.note(`Going on with ${out} after ${number(state.rows)} rows.`);
  return { ...state, walk: resumed(state.walk) };
}

function fingerprintOf(options: ExportOptions): string {
  const { account, type, selection, view, where, since, format, escapeFormulas, onlyCustom } = options;
  const parts = [account.name, type.recordType.name, selection, view, where, since, format, escapeFormulas, onlyCustom];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Names of the custom fields that become columns of CSV. */
async function customNames(options: ExportOptions, reader: PageReader): Promise<readonly string[]> {
  const { account, type, selection, onlyCustom, format, progress, signal } = options;
  const { schema, type: objectType } = objectTypeOf(account, type);
  const isWanted = columnsOf(schema, objectType, selection).some(({ isCustomFields }) => isCustomFields);
  if (onlyCustom.length > 0 || format !== 'csv' || !isWanted) return onlyCustom;
  try {
    const rows = await patiently(() => reader.context().freshsales.list(fieldsPath(type.recordType), 'fields'), {
      progress,
      signal,
    });
    return ungroupedFields(rows)
      .map(({ name }) => String(name))
      .filter((name) => name.startsWith('cf_'));
  } catch (error) {
    if (signal.aborted || !(error instanceof FreshsalesError)) throw error;
    const page = await firstPage(options, reader);
    return [...new Set(page.wire.flatMap(({ custom_field }) => Object.keys((custom_field ?? {}) as object)))];
  }
}

/** Accounts that do not list their fields show them in rows. */
async function firstPage(options: ExportOptions, reader: PageReader): Promise<ExportedPage> {
  const [list] = await listsOf(options, reader, false);
  if (!list) throw new Error('There is no list');
  return patiently(() => reader.page(list, { page: 1, perPage: 100 }), options);
}

function formatOf(options: ExportOptions, custom: readonly string[]): RowFormat {
  const { account, type, selection, format, onlyCustom, escapeFormulas } = options;
  const { schema, type: objectType } = objectTypeOf(account, type);
  return createFormat(format, {
    columns: withCustomColumns(columnsOf(schema, objectType, selection), custom),
    spreadsCustomFields: selection.spreadsCustomFields,
    onlyCustom,
    escapeFormulas,
  });
}
