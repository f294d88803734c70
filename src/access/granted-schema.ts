import { MapperKind, mapSchema, pruneSchema } from '@graphql-tools/utils';
import {
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { attributeOf, ownedExtensions, typesNamedBy } from '../mutations/refers-to.ts';
import { sourceOf } from '../records/field-needs.ts';
import { customFieldOf } from '../schema/custom-fields/custom-types.ts';
import { digestOf, type Grants, KINDS, kindOfType, recordTypeOfKind } from './grant.ts';
import {
  createPermissions,
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
  withoutHiddenColumns,
} from './permissions.ts';

/** The part of the schema that the grants allow. Types that nothing refers to are removed. */
export function grantedSchema(permissions: Permissions): GraphQLSchema {
  const { full, grants } = permissions;
  const narrowed = mapSchema(full, {
    [MapperKind.OBJECT_TYPE]: (type) => (isHidden(type, grants) || hidesEvery(type, permissions) ? null : undefined),
    [MapperKind.QUERY_ROOT_FIELD]: (field, name) =>
      showsQuery(field, name, grants) ? withoutFilter(field, permissions) : null,
    [MapperKind.MUTATION_ROOT_FIELD]: (field, name) =>
      showsMutation(field, name, grants) ? withoutHiddenArgs(field, permissions) : null,
    [MapperKind.OBJECT_FIELD]: (field, name, typeName) =>
      maySeeField(permissions, typeName, name) && showsField(field, typeName, permissions)
        ? withoutHiddenColumns(field, permissions)
        : null,
    [MapperKind.UNION_TYPE]: (union) => (union.getTypes().every((type) => isHidden(type, grants)) ? null : undefined),
    // An enum without values goes, and so do the arguments of its type.
    [MapperKind.ENUM_TYPE]: (type) => (isEmptied(type, permissions) ? null : undefined),
    [MapperKind.INPUT_OBJECT_TYPE]: (type) => {
      const field = full.getType(`${type.name}Field`);
      const isUnsortable = isEnumType(field) && isEmptied(field, permissions);
      return isUnsortable || hidesEvery(type, permissions) ? null : undefined;
    },
    [MapperKind.ENUM_VALUE]: ({ value }, typeName) => (showsValue(value, typeName, permissions) ? undefined : null),
    [MapperKind.INPUT_OBJECT_FIELD]: (field, name, typeName) =>
      showsInputField(typeName, { name, extensions: field.extensions ?? {} }, permissions) &&
      showsCustom(field, typeName.replace(/(Input|Filter)$/, ''), grants)
        ? undefined
        : null,
  });
  const owned = KINDS.filter((kind) => grants[kind].owner !== undefined).flatMap(
    (kind) => recordTypeOfKind(kind)?.name ?? [],
  );
  // Checking owners costs calls, which the planner reads from the schema.
  return new GraphQLSchema({
    ...pruneSchema(narrowed).toConfig(),
    extensions: { ...full.extensions, ...ownedExtensions(owned) },
  });
}

/** A node type without a kind is hidden, so that a new record type is denied until it can be granted. */
function isHidden(type: GraphQLNamedType, grants: Grants): boolean {
  if (kindOfType(type.name)) return !mayReadType(grants, type.name);
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}

const showsField = (field: GraphQLFieldConfig<unknown, unknown>, typeName: string, permissions: Permissions): boolean =>
  showsCustom(field, typeName, permissions.grants) && mayFilterWith(field, permissions);

/** False for a typed custom field that is hidden. */
function showsCustom(field: Parameters<typeof customFieldOf>[0], typeName: string, grants: Grants): boolean {
  const custom = customFieldOf(field);
  const kind = kindOfType(typeName);
  return !custom || !kind || !hidesCustomField(grants, kind, custom.wireName);
}

/** True if all fields of a type of typed custom fields are hidden. */
function hidesEvery(type: GraphQLObjectType | GraphQLInputObjectType, { grants }: Permissions): boolean {
  const fields: readonly (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields());
  const typeName = type.name.replace(/(Input|Filter)$/, '');
  return fields.every((field) => {
    if (!customFieldOf(field)) return false;
    const refused = isInputObjectType(type) ? !mayGive(field, grants) : isHidden(getNamedType(field.type), grants);
    return refused || !showsCustom(field, typeName, grants);
  });
}

/** Kinds that search, lookup and fields take: the values of the enum RecordType. */
const FOUND = ['contacts', 'salesAccounts', 'deals', 'leads'] as const;

const isEmptied = (type: GraphQLEnumType, permissions: Permissions): boolean =>
  type.getValues().every(({ value }) => !showsValue(value, type.name, permissions));

function showsQuery({ type, args = {} }: GraphQLFieldConfig<unknown, unknown>, name: string, grants: Grants): boolean {
  if (name === 'search') return FOUND.some((kind) => maySearch(grants, kind));
  if (name === 'lookup') return FOUND.some((kind) => mayLookUp(grants, kind));
  if (name === 'fields' && !FOUND.some((kind) => mayRead(grants, kind))) return false;
  const kind = kindOfType(getNamedType(type).name);
  return kind === undefined || !isFilterOnly(args) || mayFilter(grants, kind);
}

/** A field whose filter has to be given is nothing without it. */
const isFilterOnly = ({ where }: GraphQLFieldConfigArgumentMap): boolean =>
  where !== undefined && isNonNullType(where.type);

/** The field without what filters its records, if the caller may not filter by it. */
function withoutFilter(
  field: GraphQLFieldConfig<unknown, unknown>,
  permissions: Permissions,
): GraphQLFieldConfig<unknown, unknown> | undefined {
  const { where, ...args } = field.args ?? {};
  const kind = kindOfType(getNamedType(field.type).name);
  const filter = where && getNamedType(where.type);
  if (!kind || !isInputObjectType(filter)) return withoutHiddenColumns(field, permissions);
  const isEmpty = Object.values(filter.getFields()).every((each) => !showsInputField(filter.name, each, permissions));
  return isEmpty || !mayFilter(permissions.grants, kind) ? { ...field, args } : undefined;
}

/** What mutations need that change records of other types, or of any owner. */
const ALSO_NEEDED: Readonly<Record<string, (grants: Grants) => boolean>> = {
  removeAllContactsFromList: (grants) => readsAllOwners(grants, 'contacts'),
  convertLead: (grants) =>
    (['Contact', 'SalesAccount', 'Deal'] as const).every((type) => {
      const kind = kindOfType(type);
      return kind && mayWrite(grants, { type, action: 'create' }) && readsAllOwners(grants, kind);
    }),
};

function showsMutation(
  { args = {}, extensions }: GraphQLFieldConfig<unknown, unknown>,
  name: string,
  grants: Grants,
): boolean {
  const { write } = sourceOf(extensions ?? {});
  if (!write || !mayWrite(grants, write) || ALSO_NEEDED[name]?.(grants) === false) return false;
  const kind = kindOfType(write.type);
  const granted = kind && grants[kind].fields;
  if (granted && write.fields?.some((field) => !granted.includes(field))) return false;
  return Object.values(args).every(({ extensions }) => mayGive({ extensions: extensions ?? {} }, grants));
}

/** A condition on a hidden field would reveal its value. */
function withoutHiddenArgs(field: GraphQLFieldConfig<unknown, unknown>, permissions: Permissions) {
  const { ifUpdatedAt, ...args } = field.args ?? {};
  const type = sourceOf(field.extensions ?? {}).write?.type ?? '';
  return ifUpdatedAt && !maySeeField(permissions, type, 'updatedAt') ? { ...field, args } : undefined;
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
  const isShown = showsInput(typeName, field.name, permissions) && showsFilter(typeName, field, permissions);
  return isShown && mayGive(field, permissions.grants);
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

/** The permissions of a set of grants, and the schema they allow. Shared by callers with equal grants. */
export interface Policy extends Permissions {
  /** The part of the schema that the grants allow. */
  readonly schema: GraphQLSchema;
}

/** Creates policies and caches them. */
export interface Policies {
  /** The policy of grants over the whole schema of an account. */
  for(grants: Grants, full: GraphQLSchema): Policy;
  /** The policy that a granted schema belongs to. */
  ofSchema(schema: GraphQLSchema): Policy | undefined;
}

export function createPolicies(): Policies {
  const bySchema = new WeakMap<GraphQLSchema, Policy>();
  const byFull = new WeakMap<GraphQLSchema, (grants: Grants) => Policy>();
  return {
    for(grants, full) {
      const policyFor = byFull.get(full) ?? policiesOver(full, (policy) => bySchema.set(policy.schema, policy));
      byFull.set(full, policyFor);
      return policyFor(grants);
    },
    ofSchema: (schema) => bySchema.get(schema),
  };
}

function policiesOver(full: GraphQLSchema, onCreate: (policy: Policy) => void): (grants: Grants) => Policy {
  const byGrants = new WeakMap<Grants, Policy>();
  const byDigest = new LRUCache<string, Policy>({ max: MAX_POLICIES });
  const create = (grants: Grants): Policy => {
    const digest = digestOf(grants);
    const known = byDigest.get(digest);
    if (known) return known;
    const permissions = createPermissions(full, grants);
    const policy: Policy = { ...permissions, schema: grantedSchema(permissions) };
    byDigest.set(digest, policy);
    onCreate(policy);
    return policy;
  };
  return (grants) => {
    const policy = byGrants.get(grants) ?? create(grants);
    byGrants.set(grants, policy);
    return policy;
  };
}

/** A callers file has a handful of distinct grants. The limit removes those of earlier versions of the file. */
const MAX_POLICIES = 200;
