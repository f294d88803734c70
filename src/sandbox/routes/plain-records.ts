import type { Context, Hono } from 'hono';
import type { Account, Columns, Manner, RecordSandbox } from '../account.ts';
import { answer, notFound, refuse } from '../answers.ts';
import { fullMeta, pageOf, type Query, queryOf, sorted } from '../paging.ts';
import { answerWritten, render } from '../render.ts';
import type { Row } from '../store.ts';
import { attributesIn, bodyOf } from '../writes/body.ts';
import { rowOf } from '../writes/draft.ts';
import { discard, restore } from '../writes/recycle.ts';
import { createRecord, updateRecord, type Written } from '../writes/write.ts';

/** Record types without views: tasks, appointments, notes, sales activities and products. */
export function plainRecordRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const sandbox of account.types.sandboxes) {
    if (sandbox.views) continue;
    const { path } = sandbox.recordType;
    if (sandbox.read) api.get(`/${path}/:id`, (c) => single(account, sandbox, c));
    api.post(`/${path}`, (c) => create(account, sandbox, c));
    api.put(`/${path}/:id`, (c) => update(account, sandbox, c));
    api.delete(`/${path}/:id`, (c) => remove(account, sandbox, c));
  }
}

/** How the response to a request differs from the record. */
const mannerOf = (c: Context, row: Row, { instead }: RecordSandbox): Pick<Manner, 'include' | 'instead'> => ({
  include: queryOf(c.req.url).include,
  ...(instead && { instead: instead(row) }),
});

function single(account: Account, sandbox: RecordSandbox, c: Context): Response {
  const { recordType, read } = sandbox;
  const row = rowOf(account, recordType.name, c.req.param('id'));
  if (!row) return notFound(recordType.one);
  const manner = { ...mannerOf(c, row, sandbox), endpoint: `GET /${recordType.path}/{id}`, ...read };
  return answerWritten(account, recordType, row, manner);
}

async function create(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType, created } = sandbox;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  const written = createRecord(account, recordType, attributesIn(body, recordType.one));
  return answerTo(account, sandbox, c, written, { endpoint: `POST /${recordType.path}`, ...created });
}

async function update(account: Account, sandbox: RecordSandbox, c: Context): Promise<Response> {
  const { recordType, updated } = sandbox;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  const row = rowOf(account, recordType.name, c.req.param('id'));
  if (!row) return notFound(recordType.one);
  const written = updateRecord(account, recordType, row, attributesIn(body, recordType.one));
  return answerTo(account, sandbox, c, written, { endpoint: `PUT /${recordType.path}/{id}`, ...updated });
}

function answerTo(
  account: Account,
  sandbox: RecordSandbox,
  c: Context,
  written: Written,
  manner: Partial<Manner> & Pick<Manner, 'endpoint'>,
): Response {
  if ('problems' in written) return refuse(400, ...written.problems);
  const { row } = written;
  return answerWritten(account, sandbox.recordType, row, { ...mannerOf(c, row, sandbox), ...manner });
}

function remove(account: Account, { recordType }: RecordSandbox, c: Context): Response {
  const row = rowOf(account, recordType.name, c.req.param('id'));
  if (!row) return notFound(recordType.one);
  discard(account, recordType, row);
  return answer({ success: '200' });
}

/** Recorded as `{"success":"200"}`; documented as the record. */
export function restorePlain(account: Account, { recordType }: RecordSandbox, c: Context): Response {
  const row = restore(account, recordType, c.req.param('id') ?? '');
  if (!row) return notFound(recordType.one);
  if (account.behaviours.restoredProduct === 'success') return answer({ success: '200' });
  const { include } = queryOf(c.req.url);
  return answerWritten(account, recordType, row, { endpoint: `PUT /${recordType.path}/{id}/restore`, include });
}

export type Passes = (row: Row, account: Account) => boolean;

interface Filters {
  readonly filters: Readonly<Record<string, Passes>>;
  readonly sort: string;
  readonly direction: 'asc' | 'desc';
}

/** A list with exactly one filter. */
export function listFiltered(
  account: Account,
  sandbox: RecordSandbox,
  query: Query,
  { filters, sort, direction }: Filters,
): Response {
  const filter = (query.filter ?? '').replaceAll(/[_+]/g, ' ');
  const passes = Object.hasOwn(filters, filter) ? filters[filter] : undefined;
  if (!passes) return refuse(400, 'Filter is missing or invalid.');
  const { name } = sandbox.recordType;
  const rows = account.store.of(name).query((row) => passes(row, account));
  const page = pageOf(sorted(account, name, rows, { sort, sort_type: direction, ...query }), query);
  return list(account, sandbox, page.rows, query, { total: page.total });
}

/** All records of a type. */
export function listAll(account: Account, sandbox: RecordSandbox, query: Query): Response {
  const page = pageOf(account.store.of(sandbox.recordType.name).query(), query);
  return list(account, sandbox, page.rows, query, fullMeta(page));
}

function list(
  account: Account,
  { recordType }: RecordSandbox,
  rows: readonly Row[],
  { include }: Query,
  meta: Columns,
): Response {
  const { side, records } = render(account, recordType, rows, { endpoint: `GET /${recordType.path}`, include });
  return answer({ ...side, [recordType.many]: records, meta });
}
