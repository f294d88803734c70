import { type GraphQLSchema, isObjectType } from 'graphql';
import { columnOf, type Include, isEmbedded, type RecordType } from '../freshsales/resource.ts';
import { sourceOf } from '../records/field-needs.ts';
import { tables } from '../resources/index.ts';
import { type Grants, mayRead } from './grant.ts';
import { type Kind, kindOfType, recordTypeOfKind } from './kind.ts';

/** The column by which it is told whose a record is. */
export const OWNER_COLUMN = 'owner_id';

/** Contacts, deals and leads say whose they are only where it is asked for. */
export const comesByInclude = ({ includes, path }: RecordType): boolean =>
  'owner' in includes && ['contacts', 'deals', 'leads'].includes(path);

/** Columns a row keeps whatever is hidden: what it is, and where it stood. */
const STRUCTURAL = ['id', 'partial', 'is_primary'];

/** Columns that tell of records of another kind, without being a relation to them. */
const TRACES: Readonly<Record<string, Kind>> = {
  recent_note: 'notes',
  open_deals_amount: 'deals',
  open_deals_count: 'deals',
  won_deals_amount: 'deals',
  won_deals_count: 'deals',
};

/** Whether everything of a kind may be seen, so that sums and extracts of it may be, too. */
function seesAllOf(grants: Grants, kind: Kind): boolean {
  const { fields, views, owner } = grants[kind];
  return mayRead(grants, kind) && fields === undefined && views === undefined && owner === undefined;
}

const tableOfKey = new Map(
  tables.flatMap((table) => [table.many, ...(table.aliases ?? [])].map((key) => [key, table])),
);

/** The table whose rows come under a key of an answer, or in a column of a row. */
export const tableUnder = (key: string) => tableOfKey.get(key);

/** Rows that come inside records without being a table. */
const EMBEDDED: Readonly<Record<string, Kind>> = { product_pricings: 'products' };

/** The kind of the rows under a key; none where it is no key of rows. */
export const kindUnder = (key: string): Kind | undefined => {
  const table = tableUnder(key);
  return table ? kindOfType(table.name) : EMBEDDED[key];
};

/** What kind of rows an include brings; none where it can be any, as a target can. */
export const kindOfInclude = (include: Include): Kind | undefined =>
  kindUnder(isEmbedded(include) ? include.embedded : include.key);

/** Whether an include brings nothing but what may be seen. */
export function mayInclude(grants: Grants, recordType: Pick<RecordType, 'includes'>, name: string): boolean {
  const include = recordType.includes[name];
  if (!include) return false;
  const kind = kindOfInclude(include);
  return kind === undefined || mayRead(grants, kind);
}

/** The columns of a record type that would tell of what may not be seen. */
export function hiddenColumns(grants: Grants, recordType: RecordType): ReadonlySet<string> {
  const related = Object.entries(recordType.includes)
    // Lines of a deal repeat what products are called and cost.
    .filter(
      ([name]) => !mayInclude(grants, recordType, name) || (name === 'products' && !seesAllOf(grants, 'products')),
    )
    .map(([, include]) => columnOf(include));
  const traces = Object.entries(TRACES).filter(([, kind]) => !seesAllOf(grants, kind));
  const hidden = new Set([...related, ...traces.map(([column]) => column)]);
  const kind = kindOfType(recordType.name);
  if (kind && grants[kind].owner !== undefined) hidden.delete(OWNER_COLUMN);
  return hidden;
}

/** The wire columns behind a field of a record type, as it declares them. */
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

/** The wire columns of a kind that a caller may see, where its fields are narrowed; undefined where all are. */
export function visibleColumns(schema: GraphQLSchema, grants: Grants, kind: Kind): ReadonlySet<string> | undefined {
  const { fields, owner } = grants[kind];
  const recordType = recordTypeOfKind(kind);
  if (!fields || !recordType) return undefined;
  const proof = owner === undefined ? [] : [OWNER_COLUMN];
  return new Set([...STRUCTURAL, ...proof, ...fields.flatMap((field) => columnsBehind(schema, recordType, field))]);
}
