import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import {
  type GraphQLEnumType,
  type GraphQLFieldConfig,
  type GraphQLInputFieldConfig,
  type GraphQLNamedType,
  GraphQLSchema,
  getNamedType,
  isEnumType,
  isObjectType,
} from 'graphql';
import { ownedExtensions, typesNamedBy } from '../mutations/refers-to.ts';
import { sourceOf } from '../records/field-needs.ts';
import { columnsBehind, hiddenColumns, visibleColumns } from './columns.ts';
import { type Grants, mayRead, mayReadType, mayWrite } from './grant.ts';
import { KINDS, type Kind, kindOfTarget, kindOfType, recordTypeOfKind } from './kind.ts';

/** Kinds that a type-ahead search may look through: what a search finds goes around views, owners and hidden fields. */
export const maySearch = (grants: Grants, kind: Kind): boolean =>
  mayLookUp(grants, kind) && grants[kind].fields === undefined && grants[kind].owner === undefined;

/** Kinds that may be looked up by one exact value. Whose a found record is can be told, and it is read whole. */
export const mayLookUp = (grants: Grants, kind: Kind): boolean =>
  mayRead(grants, 'search') && mayRead(grants, kind) && grants[kind].views === undefined;

/** Rules over records that are not shown tell of them all the same: by what is found, or by how much is. */
export const mayFilter = (grants: Grants, kind: Kind): boolean =>
  mayRead(grants, kind) && grants[kind].views === undefined && grants[kind].owner === undefined;

/** The part of the schema that these grants let somebody use. What is reached by nothing is not in it. */
export function grantedSchema(full: GraphQLSchema, grants: Grants): GraphQLSchema {
  const narrowed = mapSchema(full, {
    [MapperKind.OBJECT_TYPE]: (type) => (isHidden(type, grants) ? null : undefined),
    [MapperKind.QUERY_ROOT_FIELD]: (field, name) => (showsQuery(field, name, grants) ? undefined : null),
    [MapperKind.MUTATION_ROOT_FIELD]: (field, name) => (showsMutation(field, name, grants) ? undefined : null),
    [MapperKind.OBJECT_FIELD]: (_field, name, typeName) =>
      showsField(typeName, name, grants, full) ? undefined : null,
    [MapperKind.UNION_TYPE]: (union) => (union.getTypes().every((type) => isHidden(type, grants)) ? null : undefined),
    // What has no values left goes whole, with the arguments that take it.
    [MapperKind.ENUM_TYPE]: (type) => (isEmptied(type, grants, full) ? null : undefined),
    [MapperKind.INPUT_OBJECT_TYPE]: (type) => {
      const field = full.getType(`${type.name}Field`);
      return isEnumType(field) && isEmptied(field, grants, full) ? null : undefined;
    },
    [MapperKind.ENUM_VALUE]: (value, typeName) => (showsValue(value, typeName, grants, full) ? undefined : null),
    [MapperKind.INPUT_OBJECT_FIELD]: (field, name, typeName) =>
      mayName(field, grants) && showsInput(typeName, name, grants, full) ? undefined : null,
  });
  const owned = KINDS.filter((kind) => grants[kind].owner !== undefined).flatMap(
    (kind) => recordTypeOfKind(kind)?.name ?? [],
  );
  // What has to be proven costs calls, and plans are made from the schema.
  return new GraphQLSchema({
    ...pruneSchema(narrowed).toConfig(),
    extensions: { ...full.extensions, ...ownedExtensions(owned) },
  });
}

/** A type that is a node, and that nobody has put under a kind, is hidden: a new record type is denied until it is granted. */
function isHidden(type: GraphQLNamedType, grants: Grants): boolean {
  if (kindOfType(type.name)) return !mayReadType(grants, type.name);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}

/** The kinds that can be found by a text, and whose fields are described: those of the enum RecordType. */
const FOUND = ['contacts', 'salesAccounts', 'deals', 'leads'] as const;

const isEmptied = (type: GraphQLEnumType, grants: Grants, full: GraphQLSchema): boolean =>
  type.getValues().every((value) => !showsValue(value, type.name, grants, full));

function showsQuery({ type, args = {} }: GraphQLFieldConfig<unknown, unknown>, name: string, grants: Grants): boolean {
  if (name === 'search') return FOUND.some((kind) => maySearch(grants, kind));
  if (name === 'lookup') return FOUND.some((kind) => mayLookUp(grants, kind));
  if (name === 'fields' && !FOUND.some((kind) => mayRead(grants, kind))) return false;
  const kind = kindOfType(getNamedType(type).name);
  return kind === undefined || !('where' in args) || mayFilter(grants, kind);
}

/** Mutations that do more than what they declare, and what has to be granted besides. */
const BESIDES: Readonly<Record<string, (grants: Grants) => boolean>> = {
  // Whoever may not see a contact does not take it off a list either.
  removeAllContactsFromList: (grants) => mayRead(grants, 'contacts') && grants.contacts.owner === undefined,
  convertLead: (grants) =>
    (['Contact', 'SalesAccount', 'Deal'] as const).every((type) => {
      const kind = kindOfType(type);
      return kind && mayWrite(grants, { type, action: 'create' }) && grants[kind].owner === undefined;
    }),
  completeTask: ({ tasks }) => tasks.fields === undefined || tasks.fields.includes('status'),
};

function showsMutation(
  { args = {}, extensions }: GraphQLFieldConfig<unknown, unknown>,
  name: string,
  grants: Grants,
): boolean {
  const write = sourceOf(extensions ?? {}).write;
  if (!write || !mayWrite(grants, write) || BESIDES[name]?.(grants) === false) return false;
  // What may not be read may not be named, and there is nothing to do without its name.
  return Object.values(args).every((arg) => mayName(arg, grants));
}

/** Whether an input may be given at all: one that takes ids takes those of a type that may be read. */
function mayName({ extensions }: Pick<GraphQLInputFieldConfig, 'extensions'>, grants: Grants): boolean {
  const types = typesNamedBy({ extensions: extensions ?? {} });
  return types.length === 0 || types.some((type) => mayReadType(grants, type));
}

/** How many records of others there are is nobody's business who may only see their own. */
const COUNTS = new Set(['totalCount']);

function showsField(typeName: string, name: string, grants: Grants, full: GraphQLSchema): boolean {
  const kind = kindOfType(typeName);
  if (!kind) return true;
  // A list of contacts is a way around their views.
  if (typeName === 'ContactList' && name === 'contacts') return grants.contacts.views === undefined;
  const { fields, owner } = grants[kind];
  if (typeName.endsWith('Connection')) return owner === undefined || !COUNTS.has(name);
  const recordType = recordTypeOfKind(kind);
  if (recordType?.name !== typeName || name === 'id' || name === 'databaseId') return true;
  const hidden = hiddenColumns(grants, recordType);
  if (columnsBehind(full, recordType, name).some((column) => hidden.has(column))) return false;
  return fields === undefined || fields.includes(name);
}

function showsValue(
  { value }: { readonly value?: unknown },
  typeName: string,
  grants: Grants,
  full: GraphQLSchema,
): boolean {
  if (typeName === 'RecordType') {
    const kind = kindOfTarget(value);
    return kind !== undefined && mayRead(grants, kind);
  }
  // Sorting by a column that is hidden would tell its order.
  const kind = typeName.endsWith('SortField') ? kindOfType(typeName.slice(0, -'SortField'.length)) : undefined;
  const recordType = kind && recordTypeOfKind(kind);
  if (!kind || !recordType) return true;
  const column = String(value);
  return !hiddenColumns(grants, recordType).has(column) && (visibleColumns(full, grants, kind)?.has(column) ?? true);
}

/** What the fields of a conversion write, beside the lead itself. */
const CONVERTED: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  lastName: [
    ['Lead', 'lastName'],
    ['Contact', 'lastName'],
  ],
  email: [
    ['Lead', 'email'],
    ['Contact', 'email'],
  ],
  companyName: [['SalesAccount', 'name']],
  dealName: [['Deal', 'name']],
  dealAmount: [['Deal', 'amount']],
};

/** A field of an input goes with the field that it writes: `ownerId` with `owner`, `addContactIds` with `contacts`. */
function showsInput(typeName: string, name: string, grants: Grants, full: GraphQLSchema): boolean {
  if (typeName === 'ConvertLeadInput')
    return (CONVERTED[name] ?? [['Lead', '']]).every(([type, field]) => showsField(type, field, grants, full));
  const [, written] = /^(?:Create|Update|Clone)(\w+)Input$/.exec(typeName) ?? [];
  const [, found = written] = /^(?:BulkUpsert(\w+)Input|(\w+)Identifier)$/.exec(typeName)?.filter(Boolean) ?? [];
  const type = full.getType(found ?? '');
  const kind = kindOfType(found ?? '');
  if (!isObjectType(type) || !kind || !mayRead(grants, kind)) return true;
  if (written === undefined) {
    if (name === 'id' || name === 'data') return true;
    // An identifier finds a record as a lookup does.
    if (grants[kind].views !== undefined) return false;
    return [name, `${name}s`].some((field) => field in type.getFields() && showsField(type.name, field, grants, full));
  }
  const field = fieldWritten(name, Object.keys(type.getFields()));
  if (field === undefined) return grants[kind].fields === undefined;
  const result = type.getFields()[field];
  return showsField(type.name, field, grants, full) && !(result && isHidden(getNamedType(result.type), grants));
}

function fieldWritten(input: string, fields: readonly string[]): string | undefined {
  const [, base = input] = /^(?:add|remove)?(\w+?)(?:Ids?|Type)?$/.exec(input) ?? [];
  const word = `${base.charAt(0).toLowerCase()}${base.slice(1)}`;
  return [input, word, `${word}s`].find((name) => fields.includes(name));
}
