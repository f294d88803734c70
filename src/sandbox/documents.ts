import { defineTable, type Identified } from '../freshsales/resource.ts';
import type { Account, Columns } from './account.ts';
import { answer } from './answers.ts';
import { targetsOf } from './links.ts';
import { userRows } from './shapes.ts';
import type { Row } from './store.ts';
import { toWire } from './wire.ts';

/** A file or a link on a record. Not part of the GraphQL schema. */
export interface DocumentRecord extends Identified {
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

/** A file or link in a response. Links have no content columns. */
export function plainDocument({ zone }: Account, row: Row, isFile: boolean): Columns {
  const columns = Object.entries(row).filter(
    ([column]) => column !== 'targetables' && (isFile || !column.startsWith('content_')),
  );
  return toWire(Object.fromEntries(columns), zone);
}

/** The files and links of a contact. */
export function documentAssociations(account: Account, contact: Row): Response {
  const { store, zone } = account;
  const of = (name: string): readonly Row[] =>
    store.of(name).query((row) => targetsOf(row).includes(`Contact:${contact.id}`));
  const [files, links] = [of(documentTable.name), of(documentLinkTable.name)];
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
    users: userRows(
      account,
      [...files, ...links].map(({ creater_id }) => creater_id),
    ),
    documents: files.map((row) => plainDocument(account, row, true)),
    document_links: links.map((row) => plainDocument(account, row, false)),
    document_associations: [...files.map(association('document')), ...links.map(association('document_link'))],
  });
}
