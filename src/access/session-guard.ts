import type { RecordAnswer, Row } from '../freshsales/answer.ts';
import type { Session } from '../freshsales/client.ts';
import { isObject } from '../freshsales/json.ts';
import type { FilterRule, PageCall, ReadPage } from '../freshsales/reads.ts';
import type { Identified, Lookup, Resource } from '../freshsales/resource.ts';
import type { CachedAnswer, Part } from '../freshsales/response-cache.ts';
import { combineMeters, type Query } from '../freshsales/transport.ts';
import { getOrInsert } from '../maps.ts';
import type { SessionGuard } from '../records/context.ts';
import { NOTHING, needsColumns, needsInclude } from '../records/record-type.ts';
import { createAuthorizer, intentOf } from './authorizer.ts';
import type { Caller } from './callers.ts';
import {
  type Kind,
  kindOfTarget,
  kindOfType,
  kindUnder,
  missingGrant,
  needsOwnerInclude,
  notGranted,
  OWNER_COLUMN,
  recordTypeOfKind,
  tableUnder,
} from './grant.ts';
import { createJobs, guardedWrites, isOwned } from './guarded-writes.ts';
import {
  kindOfAttribute,
  mayFilter,
  mayFilterBy,
  mayInclude,
  mayLookUp,
  mayLookUpBy,
  mayRead,
  maySearch,
} from './permissions.ts';
import type { Policy } from './policy.ts';
import { RowFilter } from './row-filter.ts';

/** Guards one operation of a caller. */
export function createSessionGuard(
  { name, allowance }: Pick<Caller, 'name' | 'allowance'>,
  policy: Policy,
): SessionGuard {
  const { grants } = policy;
  const rowFilter = new RowFilter(policy);
  const kept = new Set<string>();
  const ownerOf = (kind: Kind | undefined) => (kind ? grants[kind].owner : undefined);
  const authorizer = createAuthorizer(
    grants,
    (kind, id) => rowFilter.isShown(recordTypeOfKind(kind)?.name ?? '', id) || kept.has(`${kind}/${id}`),
  );
  return {
    meter: combineMeters(authorizer, allowance),
    proofOf(typeName) {
      const kind = kindOfType(typeName);
      const recordType = kind && ownerOf(kind) !== undefined ? recordTypeOfKind(kind) : undefined;
      if (recordType?.name !== typeName) return NOTHING;
      return needsOwnerInclude(recordType) ? needsInclude('owner') : needsColumns(OWNER_COLUMN);
    },
    guard(session, once) {
      const reads = guardedReads(session, policy, rowFilter);
      const jobs = createJobs(once, name);
      return { ...session, ...reads, ...guardedWrites(session, { reads, policy, rowFilter, kept }, jobs) };
    },
  };
}

type Reads = Pick<
  Session,
  'get' | 'getFresh' | 'recall' | 'page' | 'lookupRows' | 'list' | 'subResource' | 'search' | 'searchByField'
>;

function guardedReads(session: Session, policy: Policy, rowFilter: RowFilter): Reads {
  const { grants } = policy;
  const readable = (kind: Kind | undefined): Kind => {
    if (!kind) throw notGranted('This kind of record');
    if (!mayRead(grants, kind)) throw missingGrant(grants, kind);
    return kind;
  };
  const includesOf = (recordType: Resource, asked: readonly string[]) => includesFor(grants, recordType, asked);
  const guarded =
    (read: Session['get']): Session['get'] =>
    async <R extends Identified, I extends string>(
      recordType: Resource<R, I>,
      id: string,
      include: readonly I[] = [],
    ): Promise<RecordAnswer<R> | null> => {
      readable(kindOfType(recordType.name));
      if (rowFilter.isWithheld(recordType.name, id)) return null;
      const answer = await read(recordType, id, includesOf(recordType, include) as I[]);
      const row = answer && rowFilter.row(recordType.name, answer.row);
      if (!row || typeof row === 'string') return null;
      return { row, sideloads: rowFilter.sideloads(answer.sideloads) } as RecordAnswer<R>;
    };
  const get = guarded(session.get);
  const recall = guardedRecall(session, policy, rowFilter);
  const isKnown = (subject: { kind: Kind; id: string }) => isOwned(subject, { reads: { get, recall }, rowFilter });
  return {
    get,
    getFresh: guarded(session.getFresh),
    recall,
    page: (call) => guardedPage(session, policy, rowFilter, call, { includesOf, readable, isKnown }),
    lookupRows: async <R extends Identified>(lookup: Lookup<R>) => {
      readable(kindOfType(lookup.name));
      return session.lookupRows(lookup);
    },
    list: async (path, key) => {
      for (const kind of intentOf({ method: 'GET', path })?.kinds ?? [undefined]) readable(kind);
      const rows = await session.list(path, key);
      return path.startsWith('settings/') ? definitionsShown(policy, path, rows) : viewsShown(policy, path, rows);
    },
    subResource: async (path, key, query) => {
      for (const kind of intentOf({ method: 'GET', path })?.kinds ?? [undefined]) readable(kind);
      const answer = await session.subResource(path, key, withoutUsers(policy, query));
      if (!answer) return null;
      const table = tableUnder(key);
      const sideloads = rowFilter.sideloads(answer.sideloads);
      if (!table) return { ...answer, sideloads };
      const rows = rowFilter.rows(table.name, answer.rows);
      const shown = new Set(rows.map(({ id }) => id));
      return { ...answer, rows, sideloads, withheld: answer.rows.flatMap(({ id }) => (shown.has(id) ? [] : [id])) };
    },
    search: async (query, include, perPage) => {
      const kinds = include.filter((each) => findable(kindOfTarget(each), (kind) => maySearch(grants, kind)));
      if (kinds.length === 0) return [];
      const rows = await session.search(query, kinds, perPage);
      return rows.filter(({ type }) => findable(kindOfTarget(type), (kind) => maySearch(grants, kind)));
    },
    searchByField: (query, keys) => guardedFieldSearch(session, policy, rowFilter, query, keys),
  };
}

/** The includes that may be requested, and the one that proves whose record it is. */
function includesFor(grants: Policy['grants'], recordType: Resource, asked: readonly string[]): string[] {
  const kind = kindOfType(recordType.name);
  const proof = kind && grants[kind].owner !== undefined && needsOwnerInclude(recordType) ? ['owner'] : [];
  return [...new Set([...asked.filter((name) => mayInclude(grants, recordType, name)), ...proof])];
}

const findable = (kind: Kind | undefined, may: (kind: Kind) => boolean): boolean => kind !== undefined && may(kind);

interface PageGuards {
  readonly includesOf: (recordType: Resource, asked: readonly string[]) => string[];
  readonly readable: (kind: Kind | undefined) => Kind;
  readonly isKnown: (subject: { kind: Kind; id: string }) => Promise<boolean>;
}

async function guardedPage(
  session: Session,
  policy: Policy,
  rowFilter: RowFilter,
  call: PageCall,
  { includesOf, readable, isKnown }: PageGuards,
): Promise<ReadPage> {
  const kind = readable(kindUnder(call.many));
  if (/\/lists\//.test(call.path) && policy.grants[kind].views) throw notGranted('This list');
  const recordType = recordTypeOfKind(kind);
  if (!recordType) throw notGranted('This list');
  if (
    call.rules &&
    (!mayFilter(policy.grants, kind) || !call.rules.every(({ attribute }) => mayFilterBy(policy, kind, attribute)))
  )
    throw notGranted('This filter');
  if (call.rules) await checkRuleValues(policy, kind, call.rules, isKnown);
  const [, view] = /\/view\/([^/]+)$/.exec(call.path) ?? [];
  if (view !== undefined && policy.grants[kind].views) await checkView(session, policy, kind, view);
  const answer = await session.page({ ...call, include: includesOf(recordType, call.include) });
  // Hidden rows stay as placeholders, so that the rows after them keep their positions.
  const rows = answer.rows.map((row) => keptRow(row, rowFilter.row(recordType.name, row)));
  return { ...answer, rows, sideloads: rowFilter.sideloads(answer.sideloads) };
}

/** Views that are not granted and views that do not exist are refused with the same message. */
async function checkView(session: Session, policy: Policy, kind: Kind, id: string): Promise<void> {
  const granted = policy.grants[kind].views ?? [];
  if (granted.includes(id)) return;
  const path = `${recordTypeOfKind(kind)?.path}/filters`;
  const named = granted.some((each) => !/^\d+$/.test(each)) ? await session.list(path, 'filters') : [];
  if (!viewsShown(policy, path, named).some((row) => row.id === id)) throw notGranted('This view');
}

function viewsShown({ grants }: Policy, path: string, rows: readonly Row[]): readonly Row[] {
  const [kind] = intentOf({ method: 'GET', path })?.kinds ?? [];
  const views = kind && grants[kind].views;
  return views ? rows.filter(({ id, name }) => views.includes(id) || views.includes(String(name))) : rows;
}

/** Removes hidden fields, also from groups of fields. */
function definitionsShown(policy: Policy, path: string, rows: readonly Row[]): readonly Row[] {
  const kind = kindUnder(path.split('/')[1] ?? '');
  if (!kind || !mayRead(policy.grants, kind)) return [];
  return rows.flatMap((row) => {
    if (Array.isArray(row.fields))
      return [{ ...row, fields: definitionsShown(policy, path, row.fields.filter(isObject) as Row[]) }];
    return mayFilterBy(policy, kind, String(row.name)) ? [row] : [];
  });
}

/** Sub-resources only include users, under several names. */
function withoutUsers({ grants }: Policy, query: Query | undefined): Query | undefined {
  if (!query?.include || mayRead(grants, 'users')) return query;
  const { include: _include, ...rest } = query;
  return rest;
}

async function guardedFieldSearch(
  session: Session,
  policy: Policy,
  rowFilter: RowFilter,
  query: Query,
  keys: readonly string[],
) {
  const { grants } = policy;
  const may = (kind: Kind | undefined) =>
    findable(kind, (each) => mayLookUp(grants, each) && mayLookUpBy(policy, each, String(query.f)));
  const entities = String(query.entities)
    .split(',')
    .filter((entity) => may(kindOfTarget(entity)));
  const recordTypes = entities.flatMap((entity) => recordTypeOfKind(kindOfTarget(entity) as Kind) ?? []);
  const empty = keys.map((key) => ({ key, rows: [], sideloads: {}, total: undefined }));
  if (entities.length === 0) return empty;
  const asked = String(query.include ?? '')
    .split(',')
    .filter((name) => recordTypes.some((recordType) => mayInclude(grants, recordType, name)));
  const owned = recordTypes.some(({ name }) => grants[kindOfType(name) as Kind].owner !== undefined);
  const include = [...new Set([...asked, ...(owned ? ['owner'] : [])])].join(',');
  const answers = await session.searchByField(
    { ...query, entities: entities.join(','), ...(include ? { include } : { include: undefined }) },
    keys,
  );
  return answers.map((answer) => {
    const table = tableUnder(answer.key);
    if (!table || !may(kindOfType(table.name))) return { ...answer, rows: [], sideloads: {}, total: undefined };
    const rows = rowFilter.rows(table.name, answer.rows);
    return { ...answer, rows, sideloads: rowFilter.sideloads(answer.sideloads), total: undefined };
  });
}

/** Cached rows may come from another caller with the same API key, so they are filtered again. */
function guardedRecall(session: Session, { grants }: Policy, rowFilter: RowFilter): Session['recall'] {
  // The record store recognises a cached answer by identity.
  const filtered = new WeakMap<CachedAnswer, CachedAnswer>();
  const filterAnswer = (cached: CachedAnswer): CachedAnswer =>
    getOrInsert(filtered, cached, () => ({ ...cached, answer: cached.answer.map(filterPart) }));
  const filterPart = (part: Part): Part => {
    const table = tableUnder(part.key);
    const rows = table ? part.rows.map((row) => keptRow(row, rowFilter.row(table.name, row))) : [];
    return { ...part, rows, sideloads: rowFilter.sideloads(part.sideloads) };
  };
  return async (recordType, id, use) => {
    const kind = kindOfType(recordType.name);
    if (!kind || !mayRead(grants, kind)) return false;
    return session.recall(recordType, id, (cached) => use(cached.map(filterAnswer)));
  };
}

/** A row that may not be shown keeps only its id. */
const keptRow = (row: Row, shown: Row | 'withheld' | 'unproven'): Row => {
  if (shown === 'withheld') return { id: row.id, withheld: true };
  return shown === 'unproven' ? { id: row.id, partial: true } : shown;
};

/** A filter by related records may only name those of the caller's owner. */
async function checkRuleValues(
  { grants }: Policy,
  kind: Kind,
  rules: readonly FilterRule[],
  isKnown: PageGuards['isKnown'],
): Promise<void> {
  for (const { attribute, operator, value } of rules) {
    const related = kindOfAttribute(kind, attribute);
    if (!related || grants[related].owner === undefined) continue;
    const ids = ['is', 'is_in'].includes(operator) ? [value].flat(2).map(String) : [''];
    const known = await Promise.all(ids.map((id) => isKnown({ kind: related, id })));
    if (!known.every(Boolean)) throw notGranted('This filter');
  }
}
