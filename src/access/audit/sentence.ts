import type { AuditedWrite, ChangedColumn, FoundRecords } from '../../records/write-report.ts';
import { escapeControls } from '../../terminal.ts';
import type { AuditEvent, AuditedRead } from './audit-event.ts';

/** Describes an event in a sentence. */
export function sentenceOf(entry: AuditEvent): string {
  const left = entry.left === null ? '' : `, ${entry.left.toLocaleString('en')} left`;
  // Terminals must not receive control characters, for example from jq.
  return escapeControls(`${subjectOf(entry)} ${actionOf(entry)} ${numbered(entry.calls, 'call')}${left}.`);
}

/** The person, the caller and the tool, or the address of an unknown client. */
function subjectOf({ caller, person, address, mcp }: AuditEvent): string {
  const who = caller ?? `Unknown caller${address === undefined ? '' : ` at ${address}`}`;
  const name = person ? `${person.user ?? person.subject} as ${who}` : who;
  if (!mcp) return name;
  return `${name} (MCP tool ${mcp.tool}${mcp.client === undefined ? '' : ` of ${mcp.client}`})`;
}

/** For a summary: how often, when and from where. */
function repetitionOf({ repeated }: AuditEvent): string {
  if (!repeated) return '';
  const { count, from, to, addresses, moreAddresses } = repeated;
  const where = addresses.length === 0 ? '' : `, from ${listed([...addresses, ...(moreAddresses ? ['others'] : [])])}`;
  return ` ${count.toLocaleString('en')} more ${count === 1 ? 'time' : 'times'} between ${from} and ${to}${where}`;
}

function actionOf(entry: AuditEvent): string {
  const { decision, fields, by, codes } = entry;
  const often = repetitionOf(entry);
  const what = listed(fields) || 'an operation';
  if (decision === 'denied') return `was denied ${what}${often}: ${by.join(' ')}`;
  if (decision === 'invalid') return `sent an invalid operation${often} (${[...new Set(codes)].join(', ')}).`;
  if (decision === 'planned') return `requested the plan of ${what}${often}.`;
  if (decision === 'unconfirmed') return `was asked to confirm ${what}${often}.`;
  if (often) return `requested ${what}${often}.`;
  return `${actionsOf(entry)}${allowedBy(entry)}${failuresOf(entry)}.`;
}

function actionsOf({ reads, found = [], writes, fields, preview, mcp }: AuditEvent): string {
  const parts = [...writes.map(writePhrase), ...reads.map(readPhrase), ...found.map(foundPhrase)];
  if (parts.length > 0) return listed(parts);
  if (mcp?.tool === 'schema' && fields.length === 1) return 'searched the schema';
  return `${preview ? 'previewed' : 'requested'} ${listed(fields)}`;
}

const allowedBy = ({ by }: AuditEvent): string => (by.length > 0 ? `: allowed by ${by.join(', ')}` : '');

const failuresOf = ({ codes }: AuditEvent): string =>
  codes.length > 0 ? `; it met with ${[...new Set(codes)].join(', ')}` : '';

/** SalesActivity → sales activity. */
const nounOf = (type: string): string => type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

const plural = (noun: string): string =>
  /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : /s$/.test(noun) ? `${noun}es` : `${noun}s`;

const numbered = (count: number, noun: string): string => `${count} ${count === 1 ? noun : plural(noun)}`;

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Root fields that return no records, in words. */
const READINGS: Readonly<Record<string, string>> = {
  rateLimit: 'checked the quota',
  viewer: 'read its own grants',
};

function readPhrase({ what, id, ids, count, related }: AuditedRead): string {
  const plain = READINGS[what];
  if (plain) return plain;
  const noun = nounOf(what);
  const companions =
    related.length > 0
      ? ` with ${count === 1 ? 'its' : 'their'} ${listed(related.map((type) => plural(nounOf(type))))}`
      : '';
  if (ids !== undefined)
    return count === 0 ? `found no ${plural(noun)} ${namedOf(ids)}` : `read ${namedAs(noun, ids)}${companions}`;
  if (id !== undefined) return count === 0 ? `found no ${noun} ${id}` : `read ${noun} ${id}${companions}`;
  if (count === undefined) return `asked how many ${plural(noun)} there are`;
  return `read ${count === 0 ? `no ${plural(noun)}` : numbered(count, noun)}${count === 0 ? '' : companions}`;
}

/** The line has all ids, the sentence only a few. */
function foundPhrase({ type, ids, by }: FoundRecords): string {
  const noun = nounOf(type);
  return ids.length === 0 ? `looked up ${plural(noun)} and found none` : `found ${namedAs(noun, ids)} by a ${by}`;
}

const namedAs = (noun: string, ids: readonly string[]): string =>
  `${ids.length === 1 ? noun : plural(noun)} ${namedOf(ids)}`;

const namedOf = (ids: readonly string[]): string =>
  listed(ids.length > NAMED ? [...ids.slice(0, NAMED), `${ids.length - NAMED} more`] : ids);

const NAMED = 5;

interface Verb {
  readonly past: string;
  readonly infinitive: string;
}

const VERBS: Readonly<Record<AuditedWrite['action'], Verb>> = {
  create: { past: 'created', infinitive: 'create' },
  update: { past: 'changed', infinitive: 'change' },
  upsert: { past: 'created or changed', infinitive: 'create or change' },
  delete: { past: 'deleted', infinitive: 'delete' },
  restore: { past: 'restored', infinitive: 'restore' },
  forget: { past: 'permanently deleted', infinitive: 'permanently delete' },
  bulkUpsert: { past: 'created or changed in bulk', infinitive: 'create or change in bulk' },
  bulkUpdate: { past: 'changed in bulk', infinitive: 'change in bulk' },
  bulkDelete: { past: 'deleted in bulk', infinitive: 'delete in bulk' },
  bulkAssign: { past: 'gave to another owner in bulk', infinitive: 'give to another owner in bulk' },
};

function writePhrase(write: AuditedWrite): string {
  const object = objectOf(write);
  const { past, infinitive } = VERBS[write.action];
  if (write.outcome === 'refused') return `tried to ${infinitive} ${object}, which Freshsales refused`;
  if (write.outcome === 'unseen')
    return `tried to ${infinitive} ${object}, or to name another record, that it does not see`;
  if (write.outcome === 'unknown') return `may have ${past} ${object}, as no answer came`;
  return done(write, past, object);
}

function objectOf({ type, id, name }: AuditedWrite): string {
  const noun = nounOf(type);
  if (typeof id === 'object') return numbered(id.length, noun);
  return name ? `${noun} “${name}”` : id ? `${noun} ${id}` : `a ${noun}`;
}

/** Stage changes and completed tasks have their own wording. */
function done({ type, action, changes = [] }: AuditedWrite, past: string, object: string): string {
  const [only] = changes;
  if (action === 'update' && changes.length === 1 && only) {
    if (only.field === 'stage') return `moved ${object} ${fromTo(only)}`;
    if (type === 'Task' && only.field === 'status' && /complete/i.test(String(only.to))) return `completed ${object}`;
  }
  if (action !== 'update' || changes.length === 0) return `${past} ${object}`;
  return `changed ${listed(changes.map((change) => `${nounOf(change.field)} ${fromTo(change)}`.trim()))} of ${object}`;
}

const fromTo = ({ from, to }: ChangedColumn): string =>
  [from === undefined ? '' : `from ${worded(from)}`, to === undefined ? '' : `to ${worded(to)}`]
    .filter(Boolean)
    .join(' ');

const worded = (value: ChangedColumn['from']): string => (value === null || value === '' ? 'nothing' : String(value));
