import { type GraphQLSchema, isObjectType } from 'graphql';
import { columnOf, type Include, isEmbedded, type RecordType } from '../freshsales/resource.ts';
import { sourceOf } from '../records/field-needs.ts';
import { tables } from '../resources/index.ts';
import { type Kind, kindOfType } from './kind.ts';

/** The column with the owner of a record. */
export const OWNER_COLUMN = 'owner_id';

/** Contacts, deals and leads have the owner column only with `include=owner`. */
export const needsOwnerInclude = ({ includes, path }: RecordType): boolean =>
  'owner' in includes && ['contacts', 'deals', 'leads'].includes(path);

const tableOfKey = new Map(
  tables.flatMap((table) => [table.many, ...(table.aliases ?? [])].map((key) => [key, table])),
);

/** The table of the rows under a key of a response, or in a column of a row. */
export const tableUnder = (key: string) => tableOfKey.get(key);

/** Rows inside records that have no table. */
const EMBEDDED: Readonly<Record<string, Kind>> = { product_pricings: 'products' };

/** The kind of the rows under a key of a response, or in a column of a row. */
export const kindUnder = (key: string): Kind | undefined => {
  const table = tableUnder(key);
  return table ? kindOfType(table.name) : EMBEDDED[key];
};

/** The kind of the rows that an include brings. Undefined if they can be of any kind, as targets can. */
export const kindOfInclude = (include: Include): Kind | undefined =>
  kindUnder(isEmbedded(include) ? include.embedded : include.key);

/** The wire columns that a GraphQL field reads. */
export function columnsBehind(schema: GraphQLSchema, recordType: RecordType, field: string): string[] {
  const type = schema.getType(recordType.name);
  const extensions = (isObjectType(type) ? type.getFields()[field]?.extensions : undefined) ?? {};
  const { columns = [], include = [], extra = [] } = sourceOf(extensions);
  const exposed = typeof extensions.pothosExposedField === 'string' ? [extensions.pothosExposedField] : [];
  const related = [include, extra].flat().flatMap((each) => {
    const found = recordType.includes[each];
    return found ? [columnOf(found)] : [];
  });
  return [...exposed, ...columns, ...related];
}
