import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { readConfig } from '../config/config.ts';
import { Checkpoint } from '../export/checkpoint.ts';
import { readMap } from '../export/csv-rows.ts';
import { ExportError } from '../export/export-error.ts';
import { createProgress, number } from '../export/progress.ts';
import {
  IMPORTED,
  type ImportedType,
  type ImportOptions,
  type ImportState,
  type RowOutcome,
  runImport,
} from '../export/run-import.ts';
import { connectTo } from '../server/connect.ts';
import { print, warn } from '../terminal.ts';
import { onlyProduct, percentOf, StartError, warnOf } from './start.ts';
import { onSignals, stopped } from './stop.ts';
import { openTransferAudit, WrittenRows } from './transfer-audit.ts';

interface ImportCommand {
  readonly map?: string;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly clearEmpty?: boolean;
  readonly restart?: boolean;
  readonly share: string;
}

/** Failed rows that are printed without a report. */
const MAX_PRINTED = 20;

/** Upserts the rows of a CSV file. */
export async function importRecords(name: string, file: string, given: ImportCommand): Promise<void> {
  const config = readConfig();
  const { dryRun = false, clearEmpty = false, report } = given;
  const map = readMap(given.map);
  const settings = { type: typeOf(name, onlyProduct(config)), file, map, report, clearsEmpty: clearEmpty };
  const sharePercent = percentOf(given.share);
  const options = await fingerprintOf(file, { type: settings.type, map, clearEmpty, report });
  const stop = onSignals();
  const audit = await openTransferAudit(config);
  const connection = await connectTo(config);
  warnOf(config);
  try {
    const account = connection.own;
    if (!account) throw new StartError('There is no key to import with. Set FRESHSALES_API_KEY.');
    const checkpoint = new Checkpoint<ImportState>(config.changes.folder, 'import', file);
    const giveBack = dryRun ? () => {} : checkpoint.take();
    if (given.restart) checkpoint.remove();
    const progress = createProgress({ hour: () => account.ledger.hour });
    const bad: RowOutcome[] = [];
    const written = new WrittenRows(settings.type);
    const before = checkpoint.read()?.calls ?? 0;
    const state = await runImport({
      ...settings,
      ...formatOf(report),
      account,
      checkpoint,
      progress,
      options,
      sharePercent,
      signal: stop.signal,
      isDryRun: dryRun,
      onOutcome: (outcome) => {
        written.add(outcome);
        if (isBad(outcome) && bad.length < MAX_PRINTED) bad.push(outcome);
      },
    }).finally(() => {
      progress.end();
      giveBack();
      if (!dryRun)
        audit.note(account, {
          operation: 'mutation',
          fields: [`import ${name}`],
          reads: [],
          codes: [],
          calls: (checkpoint.read()?.calls ?? 0) - before,
          writes: written.all,
        });
    });
    finish(state, { file, bad, report, dryRun });
    if (!dryRun) checkpoint.remove();
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stopped(dryRun ? 'Stopped.' : 'Stopped. Run the same command again to go on.');
  } finally {
    stop.end();
    audit.close();
    await connection.close();
  }
}

const isBad = ({ outcome }: RowOutcome): boolean => outcome !== 'SUCCEEDED' && outcome !== 'VALID';

interface Finished {
  readonly file: string;
  readonly bad: readonly RowOutcome[];
  readonly report: string | undefined;
  readonly dryRun: boolean;
}

function finish({ rows, calls, counts }: ImportState, { file, bad, report, dryRun }: Finished): void {
  const words = Object.entries(counts).map(([outcome, count]) => `${number(count)} ${outcome.toLowerCase()}`);
  const spent = dryRun ? 'Nothing was sent' : `${number(calls)} ${calls === 1 ? 'call' : 'calls'}`;
  if (report === undefined)
    warn(
      ...bad.map(
        ({ row, identifier, outcome, messages }) => `Row ${row} (${identifier}): ${outcome}. ${messages.join(' ')}`,
      ),
    );
  print(
    `${file}: ${number(rows)} ${rows === 1 ? 'row' : 'rows'}: ${words.join(', ') || 'none'}. ${spent}.${report === undefined ? '' : ` Each row: ${report}`}`,
  );
  if (bad.length > 0) process.exitCode = 1;
}

function typeOf(given: string, product: string): ImportedType {
  const name = given
    .replace(/[A-Z]/g, (letter) => `-${letter}`)
    .replaceAll('_', '-')
    .toLowerCase();
  const type = Object.entries(IMPORTED).find(([key]) => key === name)?.[1];
  if (!type)
    throw new ExportError(
      `“${given}” cannot be imported. Freshsales upserts ${Object.keys(IMPORTED).join(', ')} in bulk.`,
    );
  if (type === 'Lead' && product !== 'classic')
    throw new ExportError(`Only Freshsales Classic has leads. This account is ${product}.`);
  return type;
}

/** A changed file is another import. */
async function fingerprintOf(file: string, options: object): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(options));
  try {
    for await (const part of createReadStream(file)) hash.update(part as Buffer);
  } catch (error) {
    throw new ExportError(`${file} cannot be read (${(error as { code?: string }).code}).`);
  }
  return hash.digest('hex');
}

/** The report is CSV, or JSON lines if its name says so. */
function formatOf(report = ''): Pick<ImportOptions, 'toLine' | 'header'> {
  if (extname(report).toLowerCase() === '.jsonl')
    return { header: '', toLine: (outcome) => `${JSON.stringify(outcome)}\n` };
  return {
    header: 'row,identifier,outcome,messages\n',
    toLine: ({ row, identifier, outcome, messages }) =>
      stringify([[String(row), identifier, outcome, messages.join(' ')]]),
  };
}
