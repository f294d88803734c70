import { rewireTypes } from '@graphql-tools/utils';
import {
  type GraphQLArgumentConfig,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  type GraphQLInputField,
  GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { attributeOf, ownedExtensions, typesNamedBy } from '../mutations/refers-to.ts';
import { sourceOf } from '../records/field-needs.ts';
import { customFieldOf } from '../schema/custom-fields/custom-types.ts';
import { type Grants, KINDS, kindOfType, recordTypeOfKind } from './grant.ts';
import {
  hidesCustomField,
  mayFilter,
  mayFilterBy,
  mayFilterWith,
  mayLookUp,
  mayRead,
  mayReadTarget,
  mayReadType,
  maySearch,
  maySeeColumn,
  maySeeField,
  mayWrite,
  type Permissions,
  readsAllOwners,
} from './permissions.ts';

/** The part of the schema that the grants allow. Types that nothing refers to are removed. */
export function grantedSchema(permissions: Permissions): GraphQLSchema {
  const { full, grants } = permissions;
  const { typeMap, directives } = rewireTypes(narrowedTypes(permissions), [...full.getDirectives()]);
  const types = Object.values(typeMap).filter(isObjectType);
  const root = (type: GraphQLObjectType | null | undefined) => types.find(({ name }) => name === type?.name);
  const owned = KINDS.filter((kind) => grants[kind].owner !== undefined).flatMap(
    (kind) => recordTypeOfKind(kind)?.name ?? [],
  );
  return new GraphQLSchema({
    ...full.toConfig(),
    query: root(full.getQueryType()),
    mutation: root(full.getMutationType()),
    subscription: root(full.getSubscriptionType()),
    // The schema collects what its roots refer to, except for objects behind an interface.
    types: types.filter((type) => type.getInterfaces().length > 0),
    directives,
    // Checking owners costs calls, which the planner reads from the schema.
    extensions: { ...full.extensions, ...ownedExtensions(owned) },
  });
}

/** Types by name. Null if nothing of a type is left. */
type TypesByName = Readonly<Record<string, GraphQLNamedType | null>>;

/** The parts of each type that the grants allow. Inputs come first, because a field with a forbidden required input is removed. */
function narrowedTypes(permissions: Permissions): TypesByName {
  const inputs = withoutEmptied(mapTypes(permissions.full.getTypeMap(), (type) => narrowedInput(type, permissions)));
  const narrowed = (type: GraphQLNamedType) => {
    if (!isObjectType(type)) return type;
    return isHidden(type, permissions.grants) ? null : narrowedObject(type, permissions, inputs);
  };
  return withoutEmptied(mapTypes(inputs, narrowed));
}

const mapTypes = (types: TypesByName, map: (type: GraphQLNamedType) => GraphQLNamedType | null): TypesByName =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, type && map(type)]));

/** Removes types that have nothing left. Their fields and arguments go with them, which may empty other types. */
function withoutEmptied(types: TypesByName): TypesByName {
  const rest = mapTypes(types, (type) => (isEmptied(type, types) ? null : type));
  return Object.keys(types).some((name) => types[name] !== rest[name]) ? withoutEmptied(rest) : types;
}

function isEmptied(type: GraphQLNamedType, types: TypesByName): boolean {
  if (isScalarType(type)) return false;
  if (isEnumType(type)) return type.getValues().length === 0;
  if (isUnionType(type)) return type.getTypes().every((each) => isRemoved(each, types));
  if (isInputObjectType(type) && lacksRequired(Object.values(type.getFields()), types)) return true;
  return Object.values(type.getFields()).every((field) => isRemoved(field.type, types));
}

const isRemoved = (type: GraphQLType, types: TypesByName): boolean => types[getNamedType(type).name] === null;

/** True if a required argument or input field cannot be given. */
const lacksRequired = (inputs: readonly { readonly type: GraphQLInputType }[], types: TypesByName): boolean =>
  inputs.some(({ type }) => isNonNullType(type) && isRemoved(type, types));

function narrowedInput(type: GraphQLNamedType, permissions: Permissions): GraphQLNamedType {
  if (isInputObjectType(type)) {
    const { fields, ...config } = type.toConfig();
    const shown = Object.entries(fields).filter(([name, { extensions }]) =>
      showsInputField(type.name, { name, extensions: extensions ?? {} }, permissions),
    );
    return new GraphQLInputObjectType({ ...config, fields: Object.fromEntries(shown) });
  }
  if (!isEnumType(type)) return type;
  const { values, ...config } = type.toConfig();
  const shown = Object.entries(values).filter(([, { value }]) => showsValue(value, type.name, permissions));
  return new GraphQLEnumType({ ...config, values: Object.fromEntries(shown) });
}

function narrowedObject(type: GraphQLObjectType, permissions: Permissions, types: TypesByName): GraphQLObjectType {
  const { fields, ...config } = type.toConfig();
  const shown = Object.entries(fields).flatMap(([name, field]) => {
    if (lacksRequired(Object.values(field.args ?? {}), types) || !showsField(type, name, field, permissions)) return [];
    return [[name, withoutHiddenArgs(field, permissions)] as const];
  });
  return new GraphQLObjectType({ ...config, fields: Object.fromEntries(shown) });
}

type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

/** A node type without a kind is hidden, so that a new record type is denied until it can be granted. */
function isHidden(type: GraphQLNamedType, grants: Grants): boolean {
  if (kindOfType(type.name)) return !mayReadType(grants, type.name);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}

function showsField(type: GraphQLObjectType, name: string, field: FieldConfig, permissions: Permissions): boolean {
  const { full, grants } = permissions;
  if (type === full.getMutationType()) return showsMutation(field, name, grants);
  if (type === full.getQueryType() && !showsQuery(field, name, grants)) return false;
  return (
    maySeeField(permissions, type.name, name) &&
    showsCustom(field, type.name, grants) &&
    mayFilterWith(field, permissions)
  );
}

/** False for a typed custom field that is hidden. */
function showsCustom(field: Parameters<typeof customFieldOf>[0], typeName: string, grants: Grants): boolean {
  const custom = customFieldOf(field);
  const kind = kindOfType(typeName);
  return !custom || !kind || !hidesCustomField(grants, kind, custom.wireName);
}

/** Kinds that search, lookup and fields take: the values of the enum RecordType. */
const FOUND = ['contacts', 'salesAccounts', 'deals', 'leads'] as const;

function showsQuery({ type, args = {} }: FieldConfig, name: string, grants: Grants): boolean {
  if (name === 'search') return FOUND.some((kind) => maySearch(grants, kind));
  if (name === 'lookup') return FOUND.some((kind) => mayLookUp(grants, kind));
  if (name === 'fields' && !FOUND.some((kind) => mayRead(grants, kind))) return false;
  const kind = kindOfType(getNamedType(type).name);
  // A field whose filter has to be given is nothing without it.
  return kind === undefined || !args.where || !isNonNullType(args.where.type) || mayFilter(grants, kind);
}

/** The further grants of mutations that change records of other types, or of any owner. */
const ALSO_NEEDED: Readonly<Record<string, (grants: Grants) => boolean>> = {
  removeAllContactsFromList: (grants) => readsAllOwners(grants, 'contacts'),
  convertLead: (grants) =>
    (['Contact', 'SalesAccount', 'Deal'] as const).every((type) => {
      const kind = kindOfType(type);
      return kind && mayWrite(grants, { type, action: 'create' }) && readsAllOwners(grants, kind);
    }),
};

function showsMutation({ args = {}, extensions }: FieldConfig, name: string, grants: Grants): boolean {
  const { write } = sourceOf(extensions ?? {});
  if (!write || !mayWrite(grants, write) || ALSO_NEEDED[name]?.(grants) === false) return false;
  const kind = kindOfType(write.type);
  const granted = kind && grants[kind].fields;
  if (granted && write.fields?.some((field) => !granted.includes(field))) return false;
  return Object.values(args).every(({ extensions }) => mayGive({ extensions: extensions ?? {} }, grants));
}

/** The field without arguments that would reveal hidden records, or the values of hidden fields. */
function withoutHiddenArgs(field: FieldConfig, permissions: Permissions): FieldConfig {
  const { write } = sourceOf(field.extensions ?? {});
  const kind = kindOfType(getNamedType(field.type).name);
  const isShown = ([name, { type, extensions }]: [string, GraphQLArgumentConfig]) => {
    if (name === 'ifUpdatedAt' && write) return maySeeField(permissions, write.type, 'updatedAt');
    if (name === 'where' && kind && isInputObjectType(getNamedType(type)) && !mayFilter(permissions.grants, kind))
      return false;
    return (sourceOf(extensions ?? {}).columns ?? []).every(
      (column) => !kind || maySeeColumn(permissions, kind, column),
    );
  };
  return { ...field, args: Object.fromEntries(Object.entries(field.args ?? {}).filter(isShown)) };
}

/** An input that takes ids needs read access to one of their types. */
function mayGive({ extensions }: Pick<GraphQLInputField, 'extensions'>, grants: Grants): boolean {
  const types = typesNamedBy({ extensions });
  return types.length === 0 || types.some((type) => mayReadType(grants, type));
}

function showsValue(value: unknown, typeName: string, permissions: Permissions): boolean {
  if (typeName === 'RecordType') return mayReadTarget(permissions.grants, value);
  // Sorting by a hidden column would reveal its order.
  const kind = typeName.endsWith('SortField') ? kindOfType(typeName.slice(0, -'SortField'.length)) : undefined;
  return kind === undefined || maySeeColumn(permissions, kind, String(value));
}

function showsInputField(
  typeName: string,
  field: Pick<GraphQLInputField, 'name' | 'extensions'>,
  permissions: Permissions,
): boolean {
  return (
    showsInput(typeName, field.name, permissions) &&
    showsFilter(typeName, field, permissions) &&
    showsCustom(field, typeName.replace(/(Input|Filter)$/, ''), permissions.grants) &&
    mayGive(field, permissions.grants)
  );
}

/** A field of a filter is shown if its values are. */
function showsFilter(
  typeName: string,
  field: Pick<GraphQLInputField, 'extensions'>,
  permissions: Permissions,
): boolean {
  const [, filtered] = /^(\w+)Filter$/.exec(typeName) ?? [];
  const kind = kindOfType(filtered ?? '');
  if (!kind) return true;
  const attribute = attributeOf(field);
  return attribute === undefined
    ? maySeeColumn(permissions, kind, 'custom_field')
    : mayFilterBy(permissions, kind, attribute);
}

/** Fields that a conversion writes. */
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

/** An input field is shown with the field it writes: `ownerId` with `owner`, `addContactIds` with `contacts`. */
function showsInput(typeName: string, name: string, permissions: Permissions): boolean {
  const { full, grants } = permissions;
  if (typeName === 'ConvertLeadInput')
    return (CONVERTED[name] ?? [['Lead', '']]).every(([type, field]) => maySeeField(permissions, type, field));
  const [, written] = /^(?:Create(?:AllDay)?|Update|Clone)(\w+)Input$/.exec(typeName) ?? [];
  const [, found = written] = /^(?:BulkUpsert(\w+)Input|(\w+)Identifier)$/.exec(typeName)?.filter(Boolean) ?? [];
  const type = full.getType(found ?? '');
  const kind = kindOfType(found ?? '');
  if (!isObjectType(type) || !kind || !mayRead(grants, kind)) return true;
  if (written === undefined) {
    if (name === 'id' || name === 'data') return true;
    // An identifier finds a record like a lookup.
    if (grants[kind].views !== undefined) return false;
    return [name, `${name}s`].some((field) => field in type.getFields() && maySeeField(permissions, type.name, field));
  }
  const field = fieldWritten(name, Object.keys(type.getFields()));
  if (field === undefined) return grants[kind].fields === undefined;
  const result = type.getFields()[field];
  return maySeeField(permissions, type.name, field) && !(result && isHidden(getNamedType(result.type), grants));
}

function fieldWritten(input: string, fields: readonly string[]): string | undefined {
  const [, base = input] = /^(?:add|remove)?(\w+?)(?:Ids?|Type)?$/.exec(input) ?? [];
  const word = `${base.charAt(0).toLowerCase()}${base.slice(1)}`;
  return [input, word, `${word}s`].find((name) => fields.includes(name));
}
