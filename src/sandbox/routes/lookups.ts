import type { Hono } from 'hono';
import { onlyProductOf } from '../../freshsales/products.ts';
import type { Lookup } from '../../freshsales/resource.ts';
import type { Account, Columns } from '../account.ts';
import { answer, notFound } from '../answers.ts';
import { restamp } from '../clock.ts';
import { fullMeta, pageOf, queryOf } from '../paging.ts';
import { toWire } from '../serialize.ts';
import type { Row } from '../store.ts';

/** Lookups whose own list does not mark rows as partial. */
const UNFLAGGED = new Set(['User', 'LifecycleStage', 'Territory', 'ContactList']);

/** Columns that a lookup's own list omits. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = { User: ['avatar'], DealPipeline: ['deal_stages'] };

/** The rows of a lookup in its own list. */
function lookupRows({ store }: Account, lookup: Lookup, passes?: (row: Row) => boolean): Columns[] {
  const { name, blank } = lookup;
  const columns = Object.keys(blank).filter((column) => !LEFT_OUT[name]?.includes(column));
  return store
    .of(name)
    .query(passes)
    .map((row) => {
      const own = Object.fromEntries(columns.map((column) => [column, row[column]]));
      const flagged = UNFLAGGED.has(name) ? own : { partial: true, ...own };
      // Selectors use UTC; side-loaded rows use the account's offset.
      return toWire(flagged, 'Z');
    });
}

/** Lookups, and those of one pipeline or activity type. */
export function lookupRoutes(api: Hono, _ui: Hono, account: Account): void {
  const { types, product } = account;
  const known = types.lookups.filter(({ name }) => (onlyProductOf(name) ?? product) === product);
  const rowsOf = (name: string, passes?: (row: Row) => boolean): Columns[] =>
    known.filter((lookup) => lookup.name === name).flatMap((lookup) => lookupRows(account, lookup, passes));

  for (const lookup of known) api.get(`/${lookup.list}`, (c) => listOf(account, lookup, c.req.url, rowsOf));
  api.get('/selector/deal_pipelines/:id/deal_stages', (c) => {
    const id = c.req.param('id');
    if (!account.store.of('DealPipeline').get(id)) return notFound('deal_pipeline');
    return answer({ deal_stages: rowsOf('DealStage', (row) => row.deal_pipeline_id === id) });
  });
  api.get('/selector/sales_activity_types/:id/sales_activity_outcomes', (c) => {
    const id = c.req.param('id');
    if (!account.store.of('SalesActivityType').get(id)) return notFound('sales_activity_type');
    return answer({
      sales_activity_outcomes: rowsOf('SalesActivityOutcome', (row) => row.sales_activity_type_id === id),
    });
  });
}

type RowsOf = (name: string, passes?: (row: Row) => boolean) => Columns[];

/** Pipelines contain their stages, contact lists are paged, all others are plain. */
function listOf(account: Account, lookup: Lookup, url: string, rowsOf: RowsOf): Response {
  const { name, many } = lookup;
  if (name === 'DealPipeline') return answer({ [many]: pipelines(account, rowsOf) });
  if (name !== 'ContactList') return answer({ [many]: rowsOf(name) });
  // Contact lists are not a selector and have pages.
  const page = pageOf(account, account.store.of(name).query(), queryOf(url));
  const onPage = new Set(page.rows);
  return answer({ [many]: rowsOf(name, (row) => onPage.has(row)), meta: fullMeta(page) });
}

/** Columns shown on the cards of a pipeline. */
const CONFIGS = ['amount', 'sales_account_id', 'expected_close'].map((field_name, index) => ({
  field_name,
  position: index + 1,
  highlight: index === 0,
}));

/** Pipelines with their stages, whose columns differ slightly from the list of stages. */
const pipelines = ({ store }: Account, rowsOf: RowsOf): Columns[] =>
  rowsOf('DealPipeline').map(({ partial, aggregated_field, ...pipeline }) => ({
    partial,
    ...pipeline,
    configs: CONFIGS,
    aggregated_field,
    deal_stages: store
      .of('DealStage')
      .query((stage) => Number(stage.deal_pipeline_id) === pipeline.id)
      .map(({ id, name, position, forecast_type, deal_pipeline_id, choice_type, probability, updated_at }) =>
        toWire(
          {
            id,
            value: name,
            name,
            position,
            forecast_type,
            deal_pipeline_id,
            choice_type,
            is_deleted: false,
            probability,
            updated_at: restamp(String(updated_at), 'Z'),
          },
          'Z',
        ),
      ),
  }));
