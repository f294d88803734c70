import type { Context, Hono } from 'hono';
import { type Account, API_USER, type Columns, isObject } from '../account.ts';
import { answer, refuse } from '../answers.ts';
import { type DocumentRecord, documentLinkTable, documentTable, plainDocument } from '../documents.ts';
import { className } from '../links.ts';
import { putRow } from '../put.ts';
import { flag } from '../writes/cast.ts';
import { targetRow } from '../writes/target.ts';
import { attributesIn, bodyOf } from './request.ts';

/** Files and links on records. */
export function fileRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.post('/documents', (c) => upload(account, c));
  api.post('/document_links', (c) => link(account, c));
}

/** Uploads a file: a form, the only body that is not JSON. */
async function upload(account: Account, c: Context): Promise<Response> {
  const isForm = /multipart\/form-data/i.test(c.req.header('content-type') ?? '');
  const form: Columns = isForm ? await c.req.parseBody().catch(() => ({})) : {};
  const { file, file_name } = form;
  const target = targetOf(account, form);
  if (!(file instanceof File) || !target) return missing(file instanceof File ? '' : "File can't be blank", target);
  const name = typeof file_name === 'string' && file_name !== '' ? file_name : file.name;
  const id = account.store.nextId(documentTable.name);
  putRow(account, documentTable, {
    ...common(account, form, target),
    id,
    name,
    url: `https://sandbox.example/files/${id}/original/${encodeURIComponent(name)}`,
    content_file_size: file.size,
    content_content_type: file.type || 'application/octet-stream',
    content_updated_at: account.now().toISOString(),
    content_file_size_readable: `${Math.ceil(file.size / 1024)} KB`,
  });
  const row = account.store.of(documentTable.name).get(id);
  return answer({ document: row && plainDocument(account, row, true) });
}

/** Adds a link. */
async function link(account: Account, c: Context): Promise<Response> {
  const body = await bodyOf(c);
  const given = attributesIn(body, 'document_link');
  const { url, name } = given;
  const target = targetOf(account, given);
  const said = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  if (!said(url) || !said(name) || !target)
    return missing(said(url) ? '' : "Url can't be blank", target, said(name) ? '' : "Name can't be blank");
  const { id } = putRow(account, documentLinkTable, { ...common(account, given, target), url, name });
  const row = account.store.of(documentLinkTable.name).get(id);
  return answer({ document_link: row && plainDocument(account, row, false) });
}

interface Target {
  id: string;
  type: string;
}

function targetOf(account: Account, { targetable_id, targetable_type }: Columns): Target | undefined {
  const type = className(account, String(targetable_type ?? ''));
  const row = targetRow(account, type, targetable_id);
  return row ? { id: row.id, type } : undefined;
}

const common = (account: Account, given: Columns, target: Target): Partial<DocumentRecord> => ({
  is_shared: flag(given.is_shared, { account, column: 'is_shared', before: undefined }) === true,
  creater_id: API_USER,
  targetables: [target],
});

/** Reports all errors in one response. */
const missing = (first: string, target: unknown, ...more: string[]): Response =>
  refuse(400, ...[first, ...more, isObject(target) ? '' : "Targetable doesn't exist"].filter((text) => text !== ''));
