import { fieldsOf, type Selection } from '../../records/field-needs.ts';
import { rowsAsked } from '../../records/price.ts';
import type { PlannedCall } from '../planned-call.ts';
import { savedBy } from './cost-of.ts';
import type { Advised } from './hints.ts';
import { below, selectionsAt, without } from './selections.ts';
import { askedAs, fullPage, isOfViews, pagesFor } from './type-pages.ts';
import { calls, listed } from './wording.ts';

/** Columns that rows which come along do not have, and that a page of the type itself has. */
export const wholeRows = (advised: Advised): string[] => advised.calls.flatMap((call) => wholeRowsOf(call, advised));

function wholeRowsOf({ method, path, lacks, atMost, fields }: PlannedCall, advised: Advised): string[] {
  const { schema, registry, operation, costOf } = advised;
  // One or two of a field are read together with those of others, or cost no more than a page.
  if (lacks.length === 0 || (atMost !== null && atMost < 3 * fields.length)) return [];
  const pages = pagesFor(schema, registry, `${method} ${path}`);
  // Where the rows are known, so may be what they lacked.
  if (!pages || fields.every((field) => isKnown(rootOf(field), advised))) return [];
  const missing = fields
    .flatMap((field) => selectionsAt(operation.selection, field))
    .flatMap((selection) => fieldsOf(selection, pages.type, { schema }))
    .filter(({ name }) => lacks.includes(name));
  // Some of it is a call for each record of a page too.
  if (missing.length === 0 || costOf([fullPage(pages, missing)]).honoured !== 1) return [];
  const [come, cost, it] = lacks.length > 1 ? ['do', 'cost', 'them'] : ['does', 'costs', 'it'];
  const price = atMost === null ? 'a call for each record' : `up to ${atMost} calls`;
  const page = `A ${isOfViews(pages) ? 'view' : 'page'} that holds the same records brings ${it} for 1`;
  return [
    `${listed(lacks)} of ${listed(fields)} ${come} not come along and ${cost} ${price}. ${page}: ${askedAs(pages)}.`,
  ];
}

const rootOf = (path: string): string => path.split('.')[0] ?? '';

const isKnown = (alias: string, { calls }: Advised): boolean =>
  calls.some(({ cached, per, fields }) => cached && per === 'operation' && fields.includes(alias));

const TOLD_BY_SEARCH = new Set(['id', 'databaseId', 'name', 'displayName', 'email']);

/** What the rows of searches tell by themselves. */
export function toldBySearch({ roots, known, costOf }: Advised): string[] {
  // Whatever was searched for, the plan cannot tell whether it was this, and whether the records are known by now.
  if (known.mayBeKnown({ method: 'GET', path: 'search' })) return [];
  const searches = roots.map(({ field }) => field).filter((field) => field.name === 'search' && isTold(field));
  const saved = savedBy(costOf(searches), costOf(searches.map((field) => without(field, 'record'))));
  if (saved === 0) return [];
  // Lists that may be tried before the records are read one by one are not reckoned with.
  const most = Math.min(
    saved,
    searches.reduce((sum, { args }) => sum + rowsAsked(args), 0),
  );
  const tell = searches.length > 1 ? 'tell' : 'tells';
  const names = listed(searches.map(({ alias }) => alias));
  return [`${names} ${tell} \`name\` and \`email\` without \`record\`: saves up to ${calls(most)}.`];
}

function isTold(search: Selection): boolean {
  const records = below(search).filter(({ name }) => name === 'record');
  return records.length > 0 && records.every((record) => below(record).every(({ name }) => TOLD_BY_SEARCH.has(name)));
}
