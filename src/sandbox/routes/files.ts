import type { Context, Hono } from 'hono';
import { defineTable, type Identified } from '../../freshsales/resource.ts';
import { type Account, API_USER, type Columns, isObject } from '../account.ts';
import { answer, refuse } from '../answers.ts';
import { putRow } from '../insert-row.ts';
import { className, targetsOf } from '../links.ts';
import { toWire } from '../serialize.ts';
import { userRows } from '../shapes.ts';
import type { Row } from '../store.ts';
import { flag } from '../writes/cast.ts';
import { targetRow } from '../writes/target.ts';
import { attributesOf, rowIn } from './request.ts';

/** A file or a link on a record. Not part of the GraphQL schema. */
interface DocumentRecord extends Identified {
  url: string;
  name: string;
  is_shared: boolean;
  created_at: string;
  is_attached: boolean;
  creater_id: string;
  targetables: { id: string; type: string }[];
  content_file_size?: number;
  content_content_type?: string;
  content_updated_at?: string;
  content_file_size_readable?: string;
}

/** Content columns of files that are put into the sandbox without content. */
const CONTENT = {
  content_file_size: 182_044,
  content_content_type: 'application/pdf',
  content_updated_at: '2023-05-10T10:00:00Z',
  content_file_size_readable: '178 KB',
};

const blank: Required<DocumentRecord> = {
  id: '',
  url: '',
  name: '',
  is_shared: false,
  created_at: '',
  is_attached: true,
  creater_id: '',
  targetables: [],
  ...CONTENT,
};

export const documentTable = defineTable({ name: 'Document', many: 'documents', blank });
export const documentLinkTable = defineTable({ name: 'DocumentLink', many: 'document_links', blank });

/** Files and links on records. */
export function fileRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.post('/documents', (c) => upload(account, c));
  api.post('/document_links', (c) => link(account, c));
  api.get('/contacts/:id/document_associations', (c) =>
    documentAssociations(account, rowIn(account, { name: 'Contact', one: 'contact' }, c)),
  );
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
  const row = putRow(account, documentTable, {
    ...common(account, form, target),
    id,
    name,
    url: `https://sandbox.example/files/${id}/original/${encodeURIComponent(name)}`,
    content_file_size: file.size,
    content_content_type: file.type || 'application/octet-stream',
    content_updated_at: account.now().toISOString(),
    content_file_size_readable: `${Math.ceil(file.size / 1024)} KB`,
  });
  return answer({ document: plainDocument(account, row, true) });
}

/** Adds a link. */
async function link(account: Account, c: Context): Promise<Response> {
  const given = await attributesOf(c, 'document_link');
  const { url, name } = given;
  const target = targetOf(account, given);
  const said = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  if (!said(url) || !said(name) || !target)
    return missing(said(url) ? '' : "Url can't be blank", target, said(name) ? '' : "Name can't be blank");
  const row = putRow(account, documentLinkTable, { ...common(account, given, target), url, name });
  return answer({ document_link: plainDocument(account, row, false) });
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

/** A file or link in a response. Links have no content columns. */
function plainDocument({ zone }: Account, row: Row, isFile: boolean): Columns {
  const columns = Object.entries(row).filter(
    ([column]) => column !== 'targetables' && (isFile || !column.startsWith('content_')),
  );
  return toWire(Object.fromEntries(columns), zone);
}

/** The files and links of a contact. */
function documentAssociations(account: Account, contact: Row): Response {
  const { store, zone } = account;
  const of = (name: string): readonly Row[] =>
    store.of(name).query((row) => targetsOf(row).includes(`Contact:${contact.id}`));
  const [files, links] = [of(documentTable.name), of(documentLinkTable.name)];
  const authors = [...files, ...links].map(({ creater_id }) => creater_id);
  // The association has its own id, since a document can be attached to several records.
  const association = (type: string) => (row: Row) =>
    toWire(
      {
        id: `31${row.id.slice(2)}`,
        created_at: row.created_at,
        attachable: { type, id: row.id },
        creater_id: row.creater_id,
      },
      zone,
    );
  return answer({
    users: userRows(account, authors),
    documents: files.map((row) => plainDocument(account, row, true)),
    document_links: links.map((row) => plainDocument(account, row, false)),
    document_associations: [...files.map(association('document')), ...links.map(association('document_link'))],
  });
}
