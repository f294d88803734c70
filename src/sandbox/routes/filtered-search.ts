import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject } from '../account.ts';
import { answer, refuse } from '../answers.ts';
import { cellsOf } from '../cells.ts';
import { passesRule, type Rule } from '../match.ts';
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
