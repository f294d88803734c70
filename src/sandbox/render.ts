import type { RecordType } from '../freshsales/resource.ts';
import type { Account, Columns, Manner } from './account.ts';
import { answer } from './answers.ts';
import { honoured } from './honour.ts';
import { addInclude, SideLoads } from './include.ts';
import { bareRecord } from './shapes.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

/** What was asked besides the records themselves. */
export interface Ask {
  /** As in the coverage table, such as `GET /contacts/{id}`. */
  readonly endpoint: string;
  /** Comma list. */
  readonly include: string | undefined;
  /** Names that come although nobody asked. */
  readonly always?: readonly string[];
  /** What a record looks like, if not whole. */
  readonly shape?: (row: Row) => Columns;
}

/** Records as they go out, and what comes along before them. */
export interface Rendered {
  readonly side: Columns;
  readonly records: readonly Columns[];
}

/** Writes records out with the includes that were asked for and honoured. */
export function render(account: Account, recordType: RecordType, rows: readonly Row[], ask: Ask): Rendered {
  const side = new SideLoads(account);
  const names = new Set([...honoured(account, recordType, ask.endpoint, ask.include ?? ''), ...(ask.always ?? [])]);
  announce(recordType, names, side);
  const records = rows.map((row) => {
    const columns = ask.shape ? ask.shape(row) : bareRecord(account, recordType, row);
    for (const name of names) Object.assign(columns, addInclude(account, recordType, row, name, side));
    return toWire(columns, account.zone);
  });
  return { side: side.toEnvelope(), records };
}

/** The keys of the includes are there even if no record has a related row, or there is no record. */
function announce(recordType: RecordType, names: Iterable<string>, side: SideLoads): void {
  for (const name of names) {
    const include = recordType.includes[name];
    if (include && 'key' in include) side.add(include.key, [], false);
  }
}

/** Answers with the record as it is now, and the includes that were asked for. */
export function answerWritten(account: Account, recordType: RecordType, row: Row, manner: Manner): Response {
  const { status = 200, between = {}, instead = {}, after = {}, ...ask } = manner;
  const { side, records } = render(account, recordType, [row], {
    ...ask,
    shape: (one) => ({ ...bareRecord(account, recordType, one), ...instead }),
  });
  return answer({ ...side, ...between, [recordType.one]: records[0], ...after }, status);
}
