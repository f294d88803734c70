import { createHash, timingSafeEqual } from 'node:crypto';
import { isObject, parseJson } from '../freshsales/json.ts';
import { isTrue } from '../freshsales/values.ts';
import { type ChangeAction, type ChangeType, isChangeType } from '../records/changes.ts';
import { recordTypes } from '../resources/index.ts';
import { StoreUnavailable } from '../stores/store.ts';
import type { ChangeReport } from './recent-changes.ts';

/** The details in the URL of a webhook. */
export interface WebhookPath {
  readonly type?: ChangeType | undefined;
  readonly action?: ChangeAction | undefined;
}

export interface WebhookSecret {
  readonly secret: string;
  /** Name of the header that the secret may come in, beside `Authorization`. */
  readonly header: string;
}

/** Tells whether a request has the secret: in its header, as Basic password, or as the whole `Authorization` header. */
export function createSecretCheck({ secret, header }: WebhookSecret): (headers: Headers) => boolean {
  const expected = digestOf(secret);
  return (headers) => {
    const authorization = headers.get('authorization') ?? '';
    const [, basic] = /^Basic\s+([\w+/=-]+)$/i.exec(authorization) ?? [];
    const decoded = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
    const given = [headers.get(header) ?? '', authorization, decoded.slice(decoded.indexOf(':') + 1)];
    // All are compared, so that the time tells nothing.
    return given
      .filter((each) => each !== '')
      .map((each) => isSame(each, expected))
      .some(Boolean);
  };
}

/** Compares digests, which have the same length. */
const isSame = (given: string, expected: Buffer): boolean => timingSafeEqual(digestOf(given), expected);

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The outcome of a webhook. */
type Received =
  | { readonly reports: readonly ChangeReport[] }
  | { readonly problem: string; readonly status: 400 | 503; readonly retryAfter?: number };

interface ReceivedWebhook {
  readonly path: WebhookPath;
  readonly body: string;
  readonly query: URLSearchParams;
}

/** Takes a webhook. The reports that it returns are durable. */
export async function receiveWebhook(
  { path, body, query }: ReceivedWebhook,
  take: (reports: readonly ChangeReport[]) => Promise<void>,
): Promise<Received> {
  const reports = reportsOf(body, query, path);
  if (reports.length === 0) return { status: 400, problem: problemOf(body, path) };
  try {
    await take(reports);
    return { reports };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { status: 503, problem: 'The change feed is not available. Send this again later.', retryAfter: 5 };
  }
}

type Json = Readonly<Record<string, unknown>>;

/** Types by the word that a webhook uses: `sales_account`. */
const TYPES = new Map(recordTypes.flatMap(({ one, name }) => (isChangeType(name) ? [[one, name] as const] : [])));

const wordOf = (type: ChangeType): string => [...TYPES].find(([, name]) => name === type)?.[0] ?? '';

/** `salesAccount`, `SalesAccount` and `sales-account` are `sales_account`. */
const toSnakeCase = (word: string): string =>
  word
    .slice(0, 100)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();

const ACTIONS: readonly ChangeAction[] = ['created', 'updated', 'deleted'];

/** The paths after `/webhooks/freshsales`, with what they say. Types may be written as `sales_account`, `salesAccount` or `sales-account`. */
export const WEBHOOK_PATHS: readonly (readonly [path: string, meaning: WebhookPath])[] = [
  ['', {}],
  ...[...TYPES].flatMap(([word, type]) => {
    const words = new Set([
      word,
      word.replaceAll('_', '-'),
      word.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
    ]);
    return [...words].flatMap((each) => ACTIONS.map((action) => [`/${each}/${action}`, { type, action }] as const));
  }),
];

const typeOfWord = (word: string): ChangeType | undefined => TYPES.get(toSnakeCase(word));

/** Verbs in names of events: `created`, `onDealUpdate`, `deal.deleted`. */
function actionOfWord(word: string): ChangeAction | undefined {
  const [verb] = /creat|updat|delet/i.exec(word) ?? [];
  if (verb === undefined) return undefined;
  return ({ creat: 'created', updat: 'updated', delet: 'deleted' } as const)[verb.toLowerCase() as 'creat'];
}

/** The most records that one webhook may name. Freshsales names one; middlemen gather them. */
const MAX_RECORDS = 1000;

/**
 * The records that a webhook is about: one, or one for each object of a list. A body is a report: apart from ids and names of
 * changed columns, nothing in it is used. Empty if one of them names no record.
 */
export function reportsOf(body: string, query: URLSearchParams, path: WebhookPath): readonly ChangeReport[] {
  const given = entriesOf(query);
  const contents = contentsOf(body);
  if (contents.length > MAX_RECORDS) return [];
  const reports = contents.map((content) => reportOf({ ...given, ...content }, path));
  return reports.every((report) => report !== undefined) ? reports : [];
}

function reportOf(content: Json, path: WebhookPath): ChangeReport | undefined {
  const parts = partsOf(content);
  const type = path.type ?? parts.map(typeIn).find((found) => found !== undefined);
  if (!type) return undefined;
  for (const part of parts) {
    const id = idIn(part, wordOf(type));
    if (id === undefined) continue;
    const action = path.action ?? actionIn(parts, part, type);
    const fields = changedIn(parts, wordOf(type));
    return { type, id, action, source: 'webhook', ...(fields && { fields }), related: relatedIn(part, type, id) };
  }
  return undefined;
}

/** JSON, a form, or what can be recognised of anything else. */
function contentsOf(text: string): readonly Json[] {
  const body = text.trim();
  if (/^[[{]/.test(body)) {
    const value = parseJson(body);
    const objects = Array.isArray(value) ? value : [value];
    return objects.length > 0 && objects.every(isObject) ? objects : [salvage(body)];
  }
  return [body.startsWith('<') ? salvage(body) : entriesOf(new URLSearchParams(body))];
}

/** A value of a form may be JSON, and `deal[id]` is the id of a nested object. */
const entriesOf = (form: URLSearchParams): Json =>
  Object.fromEntries(
    [...form].map(([name, value]) => [
      name.replace(/^(\w{1,100})\[(\w{1,100})\]$/, '$1.$2'),
      /^\s*\{/.test(value) ? contentsOf(value)[0] : value,
    ]),
  );

/** The most names that are read of a body that cannot be parsed. */
const MAX_SALVAGED = 2000;

/** A name with the number after it, in JSON or XML. Values with quotes or line breaks break the JSON around them. */
const PAIR =
  /"([A-Za-z][\w-]{0,99})"\s{0,20}:\s{0,20}(?:(\{)|"?(\d{1,20})(?=["\s,}\]]|$))?|<([A-Za-z][\w-]{0,99})(?:\s[^<>]{0,200})?>\s{0,20}(\d{1,20})?/g;

function salvage(text: string): Json {
  const found: Record<string, unknown> = {};
  let inside: Record<string, unknown> = found;
  let count = 0;
  for (const [, name = '', opens, number, tag = '', content] of text.matchAll(PAIR)) {
    count += 1;
    if (count > MAX_SALVAGED) break;
    const key = name || tag;
    const isRecord = (opens !== undefined || (tag !== '' && content === undefined)) && TYPES.has(toSnakeCase(key));
    if (isRecord) {
      inside = {};
      found[key] ??= inside;
    } else if (key === 'id') inside.id ??= number ?? content;
    else found[key] ??= number ?? content ?? '';
  }
  return found;
}

/** The body and the objects in it that may name the record: envelopes of events and journeys. */
function partsOf(body: Json): readonly Json[] {
  const inner = [body.Body, body.body, body.data, isObject(body.Body) ? body.Body.data : undefined].filter(isObject);
  const details = inner.map(({ event_details }) => event_details).filter(isObject);
  return [...details, ...inner.toReversed(), body];
}

const named = new WeakMap<Json, readonly (readonly [name: string, value: unknown])[]>();

/** The entries of an object with their names in snake case, which are computed once: an object may have many. */
function namedIn(part: Json): readonly (readonly [name: string, value: unknown])[] {
  const known =
    named.get(part) ?? Object.entries(part).map(([key, value]) => [toSnakeCase(key).replace('.', '_'), value] as const);
  named.set(part, known);
  return known;
}

/** The nested record, or the type that most keys begin with. */
function typeIn(part: Json): ChangeType | undefined {
  const event =
    typeof part.event === 'string' ? /^on([A-Z]\w{1,40}?)(Create|Update|Delete)$/.exec(part.event)?.[1] : undefined;
  if (event !== undefined) return typeOfWord(event);
  const counts = [...TYPES].map(([word, type]) => ({
    type,
    count:
      namedIn(part).filter(([name]) => name.startsWith(`${word}_`)).length + (idAt(part, word) === undefined ? 0 : 0.5),
  }));
  const most = counts.reduce((best, each) => (each.count > best.count ? each : best));
  const nested = namedIn(part).find(([name, value]) => isObject(value) && value.id !== undefined && TYPES.has(name));
  if (nested && idIn(part, nested[0]) !== undefined && most.count < 2) return TYPES.get(nested[0]);
  return most.count > 0 ? most.type : undefined;
}

/** The id under `<type>_id`, `<type>Id`, `<type>.id` or `id`. */
const idIn = (part: Json, word: string): string | undefined => idAt(part, word) ?? toId(part.id);

function idAt(part: Json, word: string): string | undefined {
  for (const [name, value] of namedIn(part)) {
    const id = name === `${word}_id` ? toId(value) : name === word && isObject(value) ? toId(value.id) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Digits, as a number or as text. Placeholders that were not filled in are none. */
function toId(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, digits] = /^\s{0,20}0{0,20}([1-9]\d{0,19})(?:\.0)?\s{0,20}$/.exec(String(value)) ?? [];
  return digits;
}

function actionIn(parts: readonly Json[], part: Json, type: ChangeType): ChangeAction {
  const record = part[wordOf(type)];
  if (isObject(record) && isTrue(record.is_deleted)) return 'deleted';
  const events = parts.flatMap(({ event }) => (typeof event === 'string' ? event.slice(0, 100) : []));
  return events.map(actionOfWord).find((action) => action !== undefined) ?? 'updated';
}

/** Columns that change with every update. */
const ALWAYS_CHANGED = new Set(['updated_at', 'updater_id']);

/** Names of the changed columns, which product events have in two forms. */
function changedIn(parts: readonly Json[], word: string): string[] | undefined {
  for (const part of parts) {
    const record = part[word];
    const changes = isObject(part.changes) ? part.changes : isObject(record) ? record.changes : undefined;
    if (!isObject(changes)) continue;
    const model = isObject(changes.model_changes) ? changes.model_changes : changes;
    const custom = [model.custom_field, model.custom_fields].flatMap((each) =>
      isObject(each) ? Object.keys(each) : [],
    );
    const names = [...Object.keys(model).filter((name) => !/^custom_fields?$/.test(name)), ...custom];
    return names.filter((name) => !ALWAYS_CHANGED.has(name) && /^\w{1,100}$/.test(name)).slice(0, 200);
  }
  return undefined;
}

/** Accounts and contacts that a body names beside its record. */
function relatedIn(part: Json, type: ChangeType, own: string): NonNullable<ChangeReport['related']> {
  const found = namedIn(part).flatMap(([key, value]) => {
    const [, word = ''] = /(sales_account|contact)_id$/.exec(key) ?? [];
    const [name, id] = [TYPES.get(word), toId(value)];
    return name && id !== undefined && !(name === type && id === own) ? [{ type: name, id }] : [];
  });
  return found.slice(0, 10);
}

/** The reason why a webhook has no report. */
export function problemOf(body: string, { type }: WebhookPath): string {
  const placeholder = /\{\{\s{0,20}[\w.]{0,100}\s{0,20}\}\}/.test(body)
    ? ' A placeholder in it was not filled in.'
    : '';
  if (contentsOf(body).length > MAX_RECORDS)
    return `The webhook names more than ${MAX_RECORDS} records. Send them in several requests.`;
  if (type) return `The webhook has no id of its record.${placeholder} Put the id into the body as “id”.`;
  return `The webhook does not name a record.${placeholder} Send it to /webhooks/freshsales/{type}/{event}, with {type} one of ${[...TYPES.keys()].join(', ')} and {event} one of ${ACTIONS.join(', ')}, and put the id into the body as “id”.`;
}
