import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import type { Account, Columns, Manner, RecordSandbox } from '../account.ts';
import { answer } from '../answers.ts';
import { queryOf } from '../paging.ts';
import { answerRecord } from '../render.ts';
import type { Row } from '../store.ts';
import { discard, discardAll, forget, restore } from '../writes/recycle.ts';
import { identifierIn, upsertRecord } from '../writes/upsert.ts';
import { cloneRecord, createRecord, updateRecord } from '../writes/write.ts';
import { served } from './records.ts';
import { accepted, attributesIn, attributesOf, bodyOf, found, rowIn, unreadable } from './request.ts';

/** Reads and writes of single records. Types with views have more writes than the others. */
export function recordWriteRoutes(api: Hono, ui: Hono, account: Account): void {
  for (const sandbox of served(account)) {
    const { path } = sandbox.recordType;
    const routes = new SingleRecords(account, sandbox);
    if (sandbox.views || sandbox.read) api.get(`/${path}/:id`, (c) => routes.read(c));
    api.post(`/${path}`, (c) => routes.create(c));
    api.put(`/${path}/:id`, (c) => routes.update(c));
    api.delete(`/${path}/:id`, (c) => routes.delete(c));
    if (!sandbox.views) continue;
    api.post(`/${path}/upsert`, (c) => routes.upsert(c));
    api.delete(`/${path}/:id/forget`, (c) => routes.forget(c));
    api.post(`/${path}/:id/clone`, (c) => routes.clone(c));
    api.put(`/${path}/:id/restore`, (c) => routes.restore(c));
    if (sandbox.isRestoredBesideApi) ui.put(`/${path}/:id/restore`, (c) => routes.restore(c));
  }
}

/** The records of one type, one at a time. */
class SingleRecords {
  readonly #account: Account;
  readonly #sandbox: RecordSandbox;
  readonly #recordType: Resource;

  constructor(account: Account, sandbox: RecordSandbox) {
    this.#account = account;
    this.#sandbox = sandbox;
    this.#recordType = sandbox.recordType;
  }

  read(c: Context): Response {
    const row = rowIn(this.#account, this.#recordType, c);
    return this.#answer(c, row, 'GET', '/{id}', { ...this.#noMeta(), ...this.#sandbox.read });
  }

  async create(c: Context): Promise<Response> {
    const given = await this.#attributes(c);
    const { row } = accepted(createRecord(this.#account, this.#recordType, given));
    return this.#answer(c, row, 'POST', '', this.#sandbox.created);
  }

  async update(c: Context): Promise<Response> {
    const given = await this.#attributes(c);
    const before = rowIn(this.#account, this.#recordType, c);
    const { row } = accepted(updateRecord(this.#account, this.#recordType, before, given));
    return this.#answer(c, row, 'PUT', '/{id}', {
      ...this.#noMeta(),
      // `has_products` is the value before the write (QUIRKS 52).
      ...('has_products' in row && 'products' in given && { instead: { has_products: before.has_products } }),
      ...this.#sandbox.updated,
    });
  }

  /** The response does not have amounts and counts yet (QUIRKS 11). */
  async upsert(c: Context): Promise<Response> {
    const { one, name } = this.#recordType;
    const body = await bodyOf(c, this.#sandbox);
    const by = identifierIn(this.#account, name, body.unique_identifier);
    if (!by) return unreadable();
    const written = upsertRecord(this.#account, this.#recordType, by, attributesIn(body, one));
    const { row, before } = accepted(found(written, one));
    return this.#answer(c, row, 'POST', '/upsert', {
      status: before ? 200 : 201,
      instead: this.#sandbox.upserted?.(this.#account, row) ?? {},
    });
  }

  async clone(c: Context): Promise<Response> {
    const overrides = await this.#attributes(c);
    const original = rowIn(this.#account, this.#recordType, c);
    const { row } = accepted(cloneRecord(this.#account, this.#recordType, original, overrides));
    return this.#answer(c, row, 'POST', '/{id}/clone');
  }

  /** The option of accounts can be in the query or the body. */
  async delete(c: Context): Promise<Response> {
    const row = rowIn(this.#account, this.#recordType, c);
    const body: Columns = await bodyOf(c).catch(() => ({}));
    const { delete_associated_contacts_deals: all } = { ...body, ...queryOf(c.req.url) };
    (String(all) === 'true' ? discardAll : discard)(this.#account, this.#recordType, row);
    return answer(this.#sandbox.views ? true : { success: '200' });
  }

  forget(c: Context): Response {
    forget(this.#account, this.#recordType, rowIn(this.#account, this.#recordType, c));
    return answer(true);
  }

  restore(c: Context): Response {
    const row = restore(this.#account, this.#recordType, c.req.param('id') ?? '');
    return this.#answer(c, found(row, this.#recordType.one), 'PUT', '/{id}/restore');
  }

  #attributes(c: Context): Promise<Columns> {
    return attributesOf(c, this.#recordType.one, this.#sandbox);
  }

  /** Suite sends an empty `meta` with records that have views. */
  #noMeta(): Pick<Manner, 'after'> {
    return this.#sandbox.views && this.#account.product === 'suite' ? { after: { meta: null } } : {};
  }

  #answer(c: Context, row: Row, method: string, rest: string, more: Partial<Manner> = {}): Response {
    const endpoint = `${method} /${this.#recordType.path}${rest}`;
    const { include } = queryOf(c.req.url);
    const instead = this.#sandbox.instead?.(row) ?? {};
    return answerRecord(this.#account, this.#recordType, row, { endpoint, include, instead, ...more });
  }
}
