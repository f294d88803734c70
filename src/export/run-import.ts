import { type GraphQLSchema, isInputObjectType, parse } from 'graphql';
import { type Account, createContext } from '../records/context.ts';
import { registry } from '../resources/index.ts';
import { executeOperation } from '../server/execute.ts';
import { schemaFor } from '../server/schema.ts';
import type { Once, Progress } from '../stores/once.ts';
import { fromText, toText } from '../stores/outcome-text.ts';
import { type Checkpoint, GrowingFile, sizeOf } from './checkpoint.ts';
import { type ColumnMap, type ImportRow, readRows } from './csv-rows.ts';
import { ExportError } from './export-error.ts';
import { failureOf } from './page-reader.ts';
import { createCallMeter, patiently, pause } from './patience.ts';
import { number, type ProgressReport } from './progress.ts';

/** Record types that Freshsales upserts in bulk. */
export const IMPORTED = { contacts: 'Contact', 'sales-accounts': 'SalesAccount', leads: 'Lead' } as const;

export type ImportedType = (typeof IMPORTED)[keyof typeof IMPORTED];

export type Outcome = 'SUCCEEDED' | 'FAILED' | 'UNKNOWN' | 'INVALID' | 'VALID';

export interface RowOutcome {
  readonly row: number;
  readonly identifier: string;
  readonly outcome: Outcome;
  readonly messages: readonly string[];
}

export interface ImportOptions {
  readonly account: Account;
  readonly type: ImportedType;
  readonly file: string;
  readonly map: ColumnMap;
  readonly clearsEmpty: boolean;
  readonly isDryRun: boolean;
  /** Identifies the file and the options. */
  readonly options: string;
  readonly report: string | undefined;
  /** A line of the report. */
  readonly toLine: (outcome: RowOutcome) => string;
  readonly header: string;
  readonly sharePercent: number;
  readonly checkpoint: Checkpoint<ImportState>;
  readonly progress: ProgressReport;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: RowOutcome) => void;
}

/** The state of an import. */
export interface ImportState {
  readonly options: string;
  /** Rows with an outcome. */
  rows: number;
  calls: number;
  reportBytes: number;
  counts: Partial<Record<Outcome, number>>;
  /** The state of the rows in progress. */
  underWay?: { readonly fingerprint: string; readonly done: string } | undefined;
}

/** Rows of one mutation: three bulk jobs at once. */
const CHUNK = 300;

/** Looks at jobs cost calls too. */
const MAX_CALLS = 1000;

/** Upserts the rows of a CSV file, or the rest of them after an interruption. */
export async function runImport(options: ImportOptions): Promise<ImportState> {
  const { checkpoint, report, signal, account, progress } = options;
  const state = restored(options) ?? { options: options.options, rows: 0, calls: 0, reportBytes: 0, counts: {} };
  const calls = createCallMeter({ hour: () => account.ledger.hour }, options.sharePercent);
  const before = state.calls;
  const output = report === undefined ? undefined : new GrowingFile(report, state.reportBytes);
  const save = () => {
    Object.assign(state, { calls: before + calls.calls, reportBytes: output?.size ?? 0 });
    if (!options.isDryRun) checkpoint.save(state);
  };
  const upsert = upserterOf(options, { state, save, meter: calls.meter });
  try {
    if (state.rows === 0) output?.append(options.header);
    for await (const chunk of chunksOf(options, upsert.schema, state.rows)) {
      signal.throwIfAborted();
      for (const outcome of await upsert.rows(chunk)) {
        options.onOutcome(outcome);
        output?.append(options.toLine(outcome));
        state.counts[outcome.outcome] = (state.counts[outcome.outcome] ?? 0) + 1;
      }
      state.rows += chunk.length;
      state.underWay = undefined;
      output?.sync();
      save();
      progress.show({ rows: state.rows, total: undefined, calls: state.calls });
    }
    return state;
  } finally {
    output?.close();
  }
}

function restored({ checkpoint, options, report, file, isDryRun, progress }: ImportOptions): ImportState | undefined {
  const state = isDryRun ? undefined : checkpoint.read();
  if (!state) return undefined;
  if (state.options !== options)
    throw new ExportError(
      `${file} has an unfinished import with other contents or options. Repeat those to go on, or add --restart to begin again.`,
    );
  if (report !== undefined && sizeOf(report) < state.reportBytes)
    throw new ExportError(`${report} was changed since its import was interrupted. Add --restart to begin again.`);
  progress.note(`Going on with ${file} after ${number(state.rows)} rows.`);
  return state;
}

/** The rows in groups, without those that have an outcome. */
async function* chunksOf(
  { type, file, map, clearsEmpty }: ImportOptions,
  schema: GraphQLSchema,
  skip: number,
): AsyncGenerator<ImportRow[]> {
  const input = schema.getType(`BulkUpsert${type}Input`);
  if (!isInputObjectType(input)) throw new Error(`${type} has no bulk upsert`);
  let chunk: ImportRow[] = [];
  for await (const row of readRows(file, { type: input, map, clearsEmpty })) {
    if (row.number <= skip) continue;
    chunk.push(row);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** The response of the mutation. */
interface Upserted {
  readonly rows: readonly { index: number; status: string; messages: readonly string[] }[];
  readonly interruption: { code: string; message: string; retryAfter: number | null } | null;
  readonly userErrors: readonly { field: readonly string[] | null; message: string }[];
}

interface Upserting {
  readonly state: ImportState;
  readonly save: () => void;
  readonly meter: ReturnType<typeof createCallMeter>['meter'];
}

function upserterOf(options: ImportOptions, { state, save, meter }: Upserting) {
  const { account, type, signal, isDryRun, progress } = options;
  const schema = schemaFor(account.freshsales.product);
  const document = parse(`mutation Import($input: [BulkUpsert${type}Input!]!) {
    result: bulkUpsert${type}s(input: $input) {
      rows { index status messages } interruption { code message retryAfter } userErrors { field message }
    }
  }`);
  const own = { ...account, once: journalOf(state, save) };
  const send = async (rows: readonly ImportRow[]): Promise<Upserted> => {
    const { data, errors } = await executeOperation({
      schema,
      document,
      variableValues: { input: rows.map(({ input }) => input) },
      contextValue: createContext({
        account: own,
        registry,
        signal,
        priority: 'bulk',
        observer: meter,
        maxCalls: MAX_CALLS,
        preview: isDryRun,
        idempotencyKey: 'import',
        maxValues: Number.MAX_SAFE_INTEGER,
      }),
    });
    const [error] = errors ?? [];
    if (error || !data) throw error ? failureOf(error) : new Error('Nothing was answered');
    return data.result as Upserted;
  };
  /** Repeats until all rows have an outcome. What was sent is not sent again. */
  const sendAll = async (rows: readonly ImportRow[]): Promise<Upserted> => {
    for (let failures = 0; ; failures += 1) {
      const answer = await patiently(() => send(rows), { progress, signal });
      const { interruption } = answer;
      if (!interruption) return answer;
      signal.throwIfAborted();
      if (!(await pause(interruption, { progress, signal, failures }))) return answer;
    }
  };
  return {
    schema,
    async rows(chunk: readonly ImportRow[]): Promise<RowOutcome[]> {
      const problems = new Map<ImportRow, string[]>();
      for (const row of chunk) if (row.problems.length > 0) problems.set(row, [...row.problems]);
      let answer: Upserted | undefined;
      let sent: readonly ImportRow[] = [];
      for (;;) {
        sent = chunk.filter((row) => !problems.has(row));
        if (sent.length === 0) break;
        answer = await sendAll(sent);
        if (answer.userErrors.length === 0) break;
        note(answer, sent, problems);
      }
      return chunk.map((row): RowOutcome => {
        const { number: at, identifier } = row;
        const invalid = problems.get(row);
        if (invalid) return { row: at, identifier, outcome: 'INVALID', messages: invalid };
        if (isDryRun) return { row: at, identifier, outcome: 'VALID', messages: [] };
        const { status = 'UNKNOWN', messages = [] } = answer?.rows[sent.indexOf(row)] ?? {};
        return { row: at, identifier, outcome: status as Outcome, messages };
      });
    },
  };
}

/** Notes the problems of rows that the API refuses. Nothing was sent then. */
function note({ userErrors }: Upserted, sent: readonly ImportRow[], problems: Map<ImportRow, string[]>): void {
  for (const { field, message } of userErrors) {
    const [, index, ...rest] = field ?? [];
    const row = sent[Number(index)];
    if (index === undefined || !row) throw new ExportError(message);
    const name = rest.at(-1);
    problems.set(row, [...(problems.get(row) ?? []), name === undefined ? message : `${name}: ${message}`]);
  }
}

/** Keeps how far the rows under way have come, so that those that were sent are not sent again after a kill. */
function journalOf(state: ImportState, save: () => void): Once {
  return {
    async run<T extends object>(_key: string, fingerprint: string, work: (progress: Progress<T>) => Promise<T>) {
      const known = state.underWay?.fingerprint === fingerprint ? fromText(state.underWay.done) : undefined;
      const keep = (done: T) => {
        state.underWay = { fingerprint, done: toText({ value: done }) };
        save();
      };
      const last = known && 'value' in known ? (known.value as T) : undefined;
      const value = await work({ last, save: async (done) => keep(done) });
      if (!('isUnsent' in value)) keep(value);
      return { kind: 'done' as const, value };
    },
  };
}
