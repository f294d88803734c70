import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account, Manner, RecordSandbox } from '../account.ts';
import { answer, notFound, refuse } from '../answers.ts';
import { queryOf } from '../paging.ts';
import { answerWritten } from '../render.ts';
import type { Row } from '../store.ts';
import { attributesIn, bodyOf, unreadable } from '../writes/body.ts';
import { cloneRecord } from '../writes/clone.ts';
import { rowOf } from '../writes/draft.ts';
import { discard, discardAll, forget, restore } from '../writes/recycle.ts';
import { identifierIn, upsertRecord } from '../writes/upsert.ts';
import { createRecord, updateRecord, type Written } from '../writes/write.ts';
import { viewed } from './records.ts';

/** Single writes of contacts, accounts, deals and, in Classic, leads. */
export function recordWriteRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const sandbox of viewed(account)) {
    const { path } = sandbox.recordType;
    const writes = new RecordWrites(account, sandbox);
    api.post(`/${path}`, (c) => writes.create(c));
    api.post(`/${path}/upsert`, (c) => writes.upsert(c));
    api.put(`/${path}/:id`, (c) => writes.update(c));
    api.delete(`/${path}/:id`, (c) => writes.delete(c));
    api.delete(`/${path}/:id/forget`, (c) => writes.forget(c));
    api.post(`/${path}/:id/clone`, (c) => writes.clone(c));
    api.put(`/${path}/:id/restore`, (c) => writes.restore(c));
    if (sandbox.isRestoredBesideApi) ui.put(`/${path}/:id/restore`, (c) => writes.restore(c));
  }
}

/** The writes of one record type. */
class RecordWrites {
  readonly #account: Account;
  readonly #sandbox: RecordSandbox;
  readonly #recordType: Resource;

  constructor(account: Account, sandbox: RecordSandbox) {
    this.#account = account;
    this.#sandbox = sandbox;
    this.#recordType = sandbox.recordType;
  }

  async create(c: Context): Promise<Response> {
    const body = await bodyOf(c, this.#sandbox);
    if (body instanceof Response) return body;
    const written = createRecord(this.#account, this.#recordType, attributesIn(body, this.#recordType.one));
    return this.#answer(c, written, 'POST');
  }

  async update(c: Context): Promise<Response> {
    const body = await bodyOf(c, this.#sandbox);
    if (body instanceof Response) return body;
    const row = this.#row(c);
    if (!row) return notFound(this.#recordType.one);
    const given = attributesIn(body, this.#recordType.one);
    const written = updateRecord(this.#account, this.#recordType, row, given);
    return this.#answer(c, written, 'PUT', '/{id}', {
      ...(this.#account.product === 'suite' && { after: { meta: null } }),
      // `has_products` is the value before the write (QUIRKS 52).
      ...('products' in given && { instead: { has_products: row.has_products } }),
    });
  }

  /** The response does not have amounts and counts yet (QUIRKS 11). */
  async upsert(c: Context): Promise<Response> {
    const { one, name } = this.#recordType;
    const body = await bodyOf(c, this.#sandbox);
    if (body instanceof Response) return body;
    const by = identifierIn(this.#account, name, body.unique_identifier);
    if (!by) return unreadable();
    const written = upsertRecord(this.#account, this.#recordType, by, attributesIn(body, one));
    if (!written) return notFound(one);
    const isNew = 'row' in written && !written.before;
    return this.#answer(c, written, 'POST', '/upsert', {
      status: isNew ? 201 : 200,
      ...('row' in written && { instead: this.#sandbox.upserted?.(this.#account, written.row) ?? {} }),
    });
  }

  async clone(c: Context): Promise<Response> {
    const body = await bodyOf(c, this.#sandbox);
    if (body instanceof Response) return body;
    const row = this.#row(c);
    if (!row) return notFound(this.#recordType.one);
    const written = cloneRecord(this.#account, this.#recordType, row, attributesIn(body, this.#recordType.one));
    return this.#answer(c, written, 'POST', '/{id}/clone');
  }

  /** The option of accounts can be in the query or the body. */
  async delete(c: Context): Promise<Response> {
    const row = this.#row(c);
    if (!row) return notFound(this.#recordType.one);
    const body = await bodyOf(c);
    const given = { ...(body instanceof Response ? {} : body), ...queryOf(c.req.url) };
    const all = String(given.delete_associated_contacts_deals) === 'true';
    (all ? discardAll : discard)(this.#account, this.#recordType, row);
    return answer(true);
  }

  forget(c: Context): Response {
    const row = this.#row(c);
    if (!row) return notFound(this.#recordType.one);
    forget(this.#account, this.#recordType, row);
    return answer(true);
  }

  restore(c: Context): Response {
    const row = restore(this.#account, this.#recordType, c.req.param('id') ?? '');
    return row ? this.#answer(c, { row }, 'PUT', '/{id}/restore') : notFound(this.#recordType.one);
  }

  #row(c: Context): Row | undefined {
    return rowOf(this.#account, this.#recordType.name, c.req.param('id'));
  }

  #answer(c: Context, written: Written, method: string, rest = '', more: Partial<Manner> = {}): Response {
    if ('problems' in written) return refuse(400, ...written.problems);
    const endpoint = `${method} /${this.#recordType.path}${rest}`;
    const { include } = queryOf(c.req.url);
    return answerWritten(this.#account, this.#recordType, written.row, { endpoint, include, ...more });
  }
}
