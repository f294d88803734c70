import { type Include, isEmbedded, isToMany, isToOne, type Resource, type Table } from '../freshsales/resource.ts';
import { type Account, type Columns, isObject, type Manner, type Side } from './account.ts';
import { answer } from './answers.ts';
import { isAlive, relatedIds, targetsOf } from './links.ts';
import { toWire } from './serialize.ts';
import { bareRecord, miniRow, sideRow, targetableOf } from './shapes.ts';
import type { Row } from './store.ts';

/** Options of a response. */
interface Ask {
  /** The request, such as `GET /contacts/{id}`. */
  readonly endpoint: string;
  /** Comma-separated list. */
  readonly include: string | undefined;
  /** Includes that come without being requested. */
  readonly always?: readonly string[];
  /** The form of a record, if not whole. */
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

/** True if an endpoint honours an include of a record type without rules. */
export function honoursHere({ behaviours }: Account, endpoint: string, include: string): boolean {
  return behaviours.honourIncludes(endpoint, include) ?? (behaviours.writesHonourIncludes || isRead(endpoint));
}

/** True if an endpoint honours an include. Freshsales ignores others. */
function honours(account: Account, recordType: Resource, endpoint: string, include: string): boolean {
  const { behaviours, product, types } = account;
  const sandbox = types.of(recordType.name);
  const said = behaviours.honourIncludes(endpoint, include);
  if (said !== undefined) return said;
  if (!behaviours.writesHonourIncludes && !isRead(endpoint)) return false;
  const own = sandbox?.honours?.(account, include);
  if (own !== undefined) return own;
  if (product === 'classic' && include === 'lifecycle_stage') return false;
  const narrow = behaviours.viewsHonour === 'evidence' && endpoint.includes('/view/');
  return !narrow || (sandbox?.seenOnViews?.includes(include) ?? false);
}

const isRead = (endpoint: string): boolean => /^GET |^POST \/filtered_search\//.test(endpoint);

/** The honoured includes of a comma-separated list, without duplicates, in order. */
const honoured = (account: Account, recordType: Resource, endpoint: string, asked: string): readonly string[] =>
  [...new Set(asked.split(',').map((name) => name.trim()))].filter(
    (name) => Object.hasOwn(recordType.includes, name) && honours(account, recordType, endpoint, name),
  );

const tableOf = ({ types }: Account, key: string): Table | undefined =>
  types.tables.find(({ many, aliases }) => many === key || aliases?.includes(key));

/** The included rows of one response, by top-level key. */
class SideLoads implements Side {
  readonly #account: Account;
  readonly #rows = new Map<string, Map<string, Columns>>();
  readonly #toMany = new Set<string>();

  constructor(account: Account) {
    this.#account = account;
  }

  /** Adds rows under a key. The key is present even without rows. */
  add(key: string, ids: readonly string[], mini: boolean): void {
    const rows = this.#rows.get(key) ?? new Map<string, Columns>();
    this.#rows.set(key, rows);
    const table = tableOf(this.#account, key);
    if (!table) return;
    for (const id of ids) {
      const row = rows.has(id) ? undefined : this.#account.store.of(table.name).get(id);
      if (row && isAlive(row)) rows.set(id, (mini ? miniRow : sideRow)(this.#account, table, row));
    }
    if (key === 'currencies') this.add('rate_changes', [], mini);
  }

  /** Adds related rows only. The columns of the records are written elsewhere. */
  addOfMany(recordType: Resource, ids: readonly string[], name: string): void {
    const include = recordType.includes[name];
    if (!include || isEmbedded(include)) return;
    this.add(include.key, [], false);
    for (const id of ids) {
      const row = this.#account.store.of(recordType.name).get(id);
      if (row) this.add(include.key, idsIn(this.#account, recordType, row, include), false);
    }
  }

  markToMany(key: string): void {
    this.#toMany.add(key);
  }

  /** The keys before the main key. On a page of contacts, the main key replaces included contacts. */
  toEnvelope(): Columns {
    const limit = this.#account.behaviours.truncateSideloadsAt ?? Number.POSITIVE_INFINITY;
    return Object.fromEntries(
      [...this.#rows].map(([key, rows]) => [
        key,
        [...rows.values()].slice(0, this.#toMany.has(key) ? limit : undefined),
      ]),
    );
  }
}

/** Adds the columns of one include to a record, and its rows to the response. */
function addInclude(account: Account, recordType: Resource, row: Row, name: string, side: SideLoads): Columns {
  const include = recordType.includes[name];
  if (!include) return {};
  const mini = isActivity(account, recordType);
  if (isEmbedded(include)) return embedded(account, recordType, row, include.embedded, side);
  const ids = idsIn(account, recordType, row, include);
  side.add(include.key, ids, mini);
  if (isToOne(include)) return { [include.id]: ids[0] ?? null };
  side.markToMany(include.key);
  if (account.behaviours.transitive) addTransitive(account, include.key, ids, side);
  return { [include.ids]: ids };
}

const isActivity = ({ types }: Account, { name }: Resource): boolean => types.of(name)?.hasMiniRows === true;

/** The ids that an include leads to, without deleted records. */
function idsIn(account: Account, recordType: Resource, row: Row, include: Include): readonly string[] {
  if (isEmbedded(include)) return [];
  const rows = account.store.of(tableOf(account, include.key)?.name ?? '');
  const isDeleted = (id: string): boolean => rows.get(id)?.is_deleted === true;
  if (isToMany(include)) return relatedIds(account, recordType.name, row, include.ids).filter((id) => !isDeleted(id));
  const included = account.types.of(recordType.name)?.included?.[include.id];
  const id = included ? included(account, row) : row[include.id];
  return typeof id === 'string' && id !== '' && !isDeleted(id) ? [id] : [];
}

/** Rows inside the record: accounts of a contact, products of a deal, the target of a task. */
function embedded(account: Account, recordType: Resource, row: Row, column: string, side: SideLoads): Columns {
  const included = account.types.of(recordType.name)?.included?.[column];
  if (included) return { [column]: included(account, row) };
  if (!column.startsWith('targetable')) return { [column]: row[column] ?? [] };
  for (const target of targetsOf(row)) {
    const [name, id = ''] = target.split(':');
    const table = account.types.tables.find((candidate) => candidate.name === name);
    if (table) side.add(table.many, [id], isActivity(account, recordType));
  }
  return { [column]: column === 'targetable' ? targetableOf(row) : row[column] };
}

/** Rows that included rows bring with them. */
function addTransitive(account: Account, key: string, ids: readonly string[], side: SideLoads): void {
  if (key === 'appointment_attendees') addPeople(account, ids, side);
  const { types } = account;
  types.sandboxes.find(({ recordType }) => recordType.many === key)?.bring?.(side, account, ids);
}

/** Attendees come with their users, contacts and leads, as recorded. */
function addPeople(account: Account, ids: readonly string[], side: SideLoads): void {
  for (const id of ids) {
    const attendee = account.store.of('AppointmentAttendee').get(id)?.attendee;
    if (!isObject(attendee)) continue;
    const table = account.types.tables.find(({ name }) => name.toLowerCase() === String(attendee.type));
    if (table) side.add(table.many, [String(attendee.id)], true);
  }
}
