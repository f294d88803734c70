import type { Context, Hono } from 'hono';
import type { Account, Columns } from '../account.ts';
import { answer, notFound } from '../answers.ts';
import { isAlive } from '../links.ts';
import { queryOf } from '../paging.ts';
import { honoursHere, render } from '../render.ts';
import { toNumber, toWire } from '../serialize.ts';
import type { Row } from '../store.ts';
import { cpqDocumentTable, ONLY_AT_FIRST } from '../writes/cpq-document.ts';
import { objectsOf } from '../writes/draft.ts';
import { discard, forget, restore } from '../writes/recycle.ts';
import { createRecord, updateRecord } from '../writes/write.ts';
import { accepted, attributesOf, found, rowIn } from './request.ts';

const PATH = '/cpq/cpq_documents';
const ONE = 'cpq_document';
const DOCUMENT = { name: cpqDocumentTable.name, one: ONE };

/** Quotes and invoices. */
export function cpqDocumentRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.post(PATH, (c) => create(account, c));
  api.get(`${PATH}/:id`, (c) => answer({ [ONE]: shown(account, rowIn(account, DOCUMENT, c), c, 'GET') }));
  api.put(`${PATH}/:id`, (c) => update(account, c));
  api.get(`${PATH}/:id/related_products`, (c) => relatedProducts(account, rowIn(account, DOCUMENT, c)));
  api.delete(`${PATH}/:id`, (c) => remove(account, c, discard));
  api.delete(`${PATH}/:id/forget`, (c) => remove(account, c, forget));
  api.put(`${PATH}/:id/restore`, (c) => done(found(restore(account, cpqDocumentTable, c.req.param('id')), ONE)));
}

function remove(account: Account, c: Context, how: typeof discard): Response {
  const row = rowIn(account, DOCUMENT, c);
  how(account, cpqDocumentTable, row);
  return done(row);
}

const done = ({ id }: Row): Response => answer({ msg: { id: toNumber(id), code: 'success' } });

async function create(account: Account, c: Context): Promise<Response> {
  const { row } = accepted(createRecord(account, cpqDocumentTable, await attributesOf(c, ONE)));
  return answer({ [ONE]: toWire(row, account.zone) });
}

async function update(account: Account, c: Context): Promise<Response> {
  const given = await attributesOf(c, ONE);
  const before = rowIn(account, DOCUMENT, c);
  const { row } = accepted(updateRecord(account, cpqDocumentTable, before, given));
  // As on deals, `has_products` is the value before the write.
  const stale = 'products' in given ? { has_products: before.has_products } : {};
  return answer({ [ONE]: { ...shown(account, row, c, 'PUT'), ...stale } });
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
