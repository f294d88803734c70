import type { Context, Hono } from 'hono';
import type { Account, Columns } from '../account.ts';
import { answer, notFound, refuse } from '../answers.ts';
import { cpqDocumentTable, ONLY_AT_FIRST } from '../cpq-documents.ts';
import { honoursHere } from '../honour.ts';
import { isAlive } from '../links.ts';
import { queryOf } from '../paging.ts';
import { render } from '../render.ts';
import type { Row } from '../store.ts';
import { toNumber, toWire } from '../wire.ts';
import { attributesIn, bodyOf } from '../writes/body.ts';
import { objectsOf, rowOf } from '../writes/draft.ts';
import { discard, forget, restore } from '../writes/recycle.ts';
import { createRecord, updateRecord } from '../writes/write.ts';

const PATH = '/cpq/cpq_documents';
const ONE = 'cpq_document';

/** Quotes and invoices. */
export function cpqDocumentRoutes(api: Hono, _ui: Hono, account: Account): void {
  const rowIn = (c: Context): Row | undefined => rowOf(account, cpqDocumentTable.name, c.req.param('id'));
  const withRow = (c: Context, handle: (row: Row) => Response): Response => {
    const row = rowIn(c);
    return row ? handle(row) : notFound(ONE);
  };
  api.post(PATH, (c) => create(account, c));
  api.get(`${PATH}/:id`, (c) => withRow(c, (row) => answer({ [ONE]: shown(account, row, c, 'GET') })));
  api.put(`${PATH}/:id`, (c) => update(account, rowIn(c), c));
  api.get(`${PATH}/:id/related_products`, (c) => withRow(c, (row) => relatedProducts(account, row)));
  api.delete(`${PATH}/:id`, (c) =>
    withRow(c, (row) => {
      discard(account, cpqDocumentTable, row);
      return done(row);
    }),
  );
  api.delete(`${PATH}/:id/forget`, (c) =>
    withRow(c, (row) => {
      forget(account, cpqDocumentTable, row);
      return done(row);
    }),
  );
  api.put(`${PATH}/:id/restore`, (c) => {
    const row = restore(account, cpqDocumentTable, c.req.param('id'));
    return row ? done(row) : notFound(ONE);
  });
}

const done = ({ id }: Row): Response => answer({ msg: { id: toNumber(id), code: 'success' } });

async function create(account: Account, c: Context): Promise<Response> {
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  const written = createRecord(account, cpqDocumentTable, attributesIn(body, ONE));
  if ('problems' in written) return refuse(400, ...written.problems);
  return answer({ [ONE]: toWire(written.row, account.zone) });
}

async function update(account: Account, row: Row | undefined, c: Context): Promise<Response> {
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  if (!row) return notFound(ONE);
  const given = attributesIn(body, ONE);
  const written = updateRecord(account, cpqDocumentTable, row, given);
  if ('problems' in written) return refuse(400, ...written.problems);
  // As on deals, `has_products` is the value before the write.
  const stale = 'products' in given ? { has_products: row.has_products } : {};
  return answer({ [ONE]: { ...shown(account, written.row, c, 'PUT'), ...stale } });
}

/** A document without its HTML, and with products only on request. */
function shown(account: Account, row: Row, c: Context, method: string): Columns {
  const asked = (queryOf(c.req.url).include ?? '').split(',').includes('products');
  const withProducts = asked && honoursHere(account, `${method} ${PATH}/{id}`, 'products');
  const columns = Object.entries(row).filter(
    ([column]) => !ONLY_AT_FIRST.has(column) && (withProducts || column !== 'products'),
  );
  return toWire(Object.fromEntries(columns), account.zone);
}

/** The current products of a document with their prices. */
function relatedProducts(account: Account, row: Row): Response {
  const ids = new Set((objectsOf(row.products) ?? []).map(({ product_id }) => product_id));
  const recordType = account.types.of('Product')?.recordType;
  if (!recordType) return notFound(ONE);
  const products = account.store.of(recordType.name).query((one) => ids.has(one.id) && isAlive(one));
  const { records } = render(account, recordType, products, {
    endpoint: `GET ${PATH}/{id}/related_products`,
    include: undefined,
    always: ['product_pricings'],
  });
  return answer({ products: records.map((record) => ({ ...record, lookup_information: {} })) });
}
