import type { Resource } from '../freshsales/resource.ts';
import type { Account, Columns, Manner } from './account.ts';
import { answer } from './answers.ts';
import { addInclude, honoured, SideLoads } from './include.ts';
import { bareRecord } from './shapes.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

/** Options of a response. */
interface Ask {
  /** The request, such as `GET /contacts/{id}`. */
  readonly endpoint: string;
  /** Comma-separated list. */
  readonly include: string | undefined;
  /** Includes that come without being requested. */
  readonly always?: readonly string[];
  /** How a record is written, if not whole. */
  readonly shape?: (row: Row) => Columns;
}

/** Records of a response, and the keys before them. */
interface Rendered {
  readonly side: Columns;
  readonly records: readonly Columns[];
}

/** Writes records with the honoured includes. */
export function render(account: Account, recordType: Resource, rows: readonly Row[], ask: Ask): Rendered {
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

/** Adds the keys of the includes, even without related rows. */
function announce(recordType: Resource, names: Iterable<string>, side: SideLoads): void {
  for (const name of names) {
    const include = recordType.includes[name];
    if (include && 'key' in include) side.add(include.key, [], false);
  }
}

/** Responds with a record and the requested includes. */
export function answerRecord(account: Account, recordType: Resource, row: Row, manner: Manner): Response {
  const { status = 200, between = {}, instead = {}, after = {}, ...ask } = manner;
  const { side, records } = render(account, recordType, [row], {
    ...ask,
    shape: (one) => ({ ...bareRecord(account, recordType, one), ...instead }),
  });
  return answer({ ...side, ...between, [recordType.one]: records[0], ...after }, status);
}
