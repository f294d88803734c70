import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { answer, refuse } from '../answers.ts';
import { cellOf, cellsOf } from '../cells.ts';
import { fold, valueAt } from '../match.ts';
import { pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { render } from '../render.ts';
import { bareColumns } from '../shapes.ts';
import type { Row } from '../store.ts';
import { viewed } from './records.ts';

/** Columns that thin rows never have. */
const FAT = new Set(
  [
    'custom_field links tags collaboration fc_widget_collaboration owner_id parent_sales_account_id',
    'deal_stage_id deal_pipeline_id team_user_ids',
  ].flatMap((line) => line.split(' ')),
);

/** One condition of a filtered search. */
interface Rule {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

type Test = (actual: unknown, wanted: unknown) => boolean;

/** Searches by rules that must all match. */
export function filteredSearchRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const { recordType } of viewed(account))
    api.post(`/filtered_search/${recordType.one}`, (c) => search(account, recordType, c));
}

/** Validates, searches, sorts, and writes rows thin or whole. */
async function search(account: Account, recordType: Resource, c: Context): Promise<Response> {
  const body: unknown = await c.req.json().catch(() => undefined);
  const rules = isObject(body) ? rulesOf(body.filter_rule) : undefined;
  if (!isObject(body) || !rules) return refuse(400, 'Invalid or missing attributes');
  const query: Query = { ...parameters(body), ...queryOf(c.req.url) };
  const { rows, unknown } = select(account, recordType, rules);
  if (unknown) return refuse(400, `Invalid filter: ${unknown.attribute} ${unknown.operator}`);
  if (rows.length === 0 && account.behaviours.filteredSearchEmpty === 'object') return answer({});
  const page = pageOf(account, sorted(account, recordType.name, rows, query), query, 10);
  const whole = body.detail === true && account.behaviours.filteredSearchDetail;
  const { side, records } = render(account, recordType, page.rows, {
    endpoint: `POST /filtered_search/${recordType.one}`,
    include: query.include,
    ...(!whole && { shape: (row: Row) => thin(account, recordType, row) }),
  });
  return answer({ ...side, [recordType.many]: records, meta: { total: page.total } });
}

/** Parameters that the body may contain as well. */
const parameters = (body: Columns): Query =>
  Object.fromEntries(
    ['page', 'per_page', 'sort', 'sort_type', 'include']
      .filter((name) => body[name] !== undefined)
      .map((name) => [name, String(body[name])]),
  );

function rulesOf(value: unknown): readonly Rule[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isObject).map((rule) => ({
    attribute: String(rule.attribute),
    operator: String(rule.operator),
    value: rule.value ?? null,
  }));
}

/** The matching records, or the first invalid rule. Deleted records are found only on request. */
function select(
  account: Account,
  { name, blank }: Resource,
  rules: readonly Rule[],
): { rows: readonly Row[]; unknown?: Rule } {
  const sample: Row = { ...blank, id: '' };
  const unknown = rules.find((rule) => passesRule(account, name, sample, rule) === undefined);
  if (unknown) return { rows: [], unknown };
  const wanted = rules.some(({ attribute }) => attribute === 'deleted')
    ? rules
    : [...rules, { attribute: 'deleted', operator: 'is', value: false }];
  const rows = account.store.of(name).query((row) => wanted.every((rule) => passesRule(account, name, row, rule)));
  return { rows };
}

/** A row of filtered search without `detail`. */
function thin(account: Account, recordType: Resource, row: Row): Columns {
  const columns =
    account.types.of(recordType.name)?.columns?.thin ??
    bareColumns(account, recordType).filter((column) => !FAT.has(column));
  return { partial: true, ...cellsOf(account, recordType.name, row, columns) };
}

/** Compares amounts as numbers and text without case: "5600.0" equals 5600, "Acme" equals "acme". */
function same(actual: unknown, wanted: unknown): boolean {
  const [a, b] = [fold(actual), fold(wanted)];
  if (a === b) return true;
  return a !== '' && b !== '' && Number(a) === Number(b);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Multi-select values are stored in one text, separated by semicolons. */
const parts = (value: unknown): readonly string[] => fold(value).split(';');

const order = (value: unknown): number => {
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(String(value)) : number;
};

const TESTS: Readonly<Record<string, Test>> = {
  is: (actual, wanted) => list(wanted).some((one) => same(actual, one)),
  is_in: (actual, wanted) => list(wanted).some((one) => same(actual, one)),
  is_not: (actual, wanted) => !list(wanted).some((one) => same(actual, one)),
  contains: (actual, wanted) => list(wanted).every((one) => fold(actual).includes(fold(one))),
  contains_any: (actual, wanted) =>
    list(wanted).some((one) => parts(one).some((part) => part !== '' && fold(actual).includes(part))),
  is_after: (actual, wanted) => actual !== null && order(actual) > order(wanted),
  is_before: (actual, wanted) => actual !== null && order(actual) < order(wanted),
};

/** Operators that must hold for every value of a list. The others must hold for one. */
const NEGATIVE = new Set(['is_not']);

/** The values of an attribute; `undefined` if the record type does not have it. */
function valuesOf(account: Account, name: string, row: Row, attribute: string): readonly unknown[] | undefined {
  const special = account.types.of(name)?.attributes?.[attribute];
  if (special) return special(row, account);
  if (attribute.startsWith('cf_')) return [valueAt(row, attribute) ?? null];
  if (attribute === 'deleted') return [row.is_deleted === true];
  // Searching by id has not been seen to work.
  if (attribute === 'id' || !(attribute in row)) return undefined;
  return [cellOf(account, name, row, attribute)];
}

/** True if a record matches a rule; `undefined` if the rule is invalid for it. */
function passesRule(account: Account, name: string, row: Row, rule: Rule): boolean | undefined {
  const values = valuesOf(account, name, row, rule.attribute);
  const test = Object.hasOwn(TESTS, rule.operator) ? TESTS[rule.operator] : undefined;
  if (!values || !test) return undefined;
  return NEGATIVE.has(rule.operator)
    ? values.every((value) => test(value, rule.value))
    : values.some((value) => test(value, rule.value));
}
