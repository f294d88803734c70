import {
  type ExecutionArgs,
  type FieldNode,
  type GraphQLField,
  getNamedType,
  getOperationAST,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { coerceVariables } from '../planner/coerce-variables.ts';
import { argumentsOf } from '../planner/document.ts';
import { objectsIn } from './authorizer.ts';
import { hidesCustomField, mayReadType } from './grant.ts';
import { mayLookUp, maySearch, writeOf } from './granted-schema.ts';
import { type Kind, kindOfTarget, kindOfType } from './kind.ts';
import type { Policy } from './policy.ts';
import { comparable, mayCompare } from './row-filter.ts';

type Operation = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

/**
 * Why the values of an operation are not for these grants: global ids of types that may not be read, rules over hidden columns,
 * names of hidden fields and views. The document itself was checked when it was validated.
 */
export function deniedValues(policy: Policy, { document, operationName, variableValues }: Operation): string[] {
  const operation = getOperationAST(document, operationName);
  if (!operation) return [];
  const { coerced, errors } = coerceVariables(policy.schema, operation, variableValues, 1);
  if (errors) {
    // What is wrong in the whole schema as well is told as any wrong value is.
    const { errors: wrong } = coerceVariables(policy.full, operation, variableValues, 1);
    return wrong ? [] : ['A value among the variables is not granted to this caller.'];
  }
  const reasons = new Set<string>();
  const types = new TypeInfo(policy.schema);
  const Field = (node: FieldNode) => {
    const field = types.getFieldDef();
    if (field)
      for (const reason of reasonsFor(policy, field, argumentsOf(field, node, coerced), types.getParentType()?.name))
        reasons.add(reason);
  };
  visit(document, visitWithTypeInfo(types, { Field }));
  return [...reasons];
}

type Field = GraphQLField<unknown, unknown>;

type Args = Readonly<Record<string, unknown>>;

const GID = /^gid:\/\/freshsales\/(\w+)\//;

function reasonsFor(policy: Policy, field: Field, args: Args, parent = ''): string[] {
  const { grants } = policy;
  const kind = kindOfType(writeOf(field.extensions)?.type ?? getNamedType(field.type).name);
  const types = stringsIn(args).flatMap((text) => GID.exec(text)?.[1] ?? []);
  const foreign = [...new Set(types)].filter((type) => policy.full.getType(type) && !mayReadType(grants, type));
  return [
    ...foreign.map((type) => `${type} is not granted to this caller.`),
    ...rulesDenied(policy, kind, args.where),
    ...searchDenied(policy, field.name, args),
    ...customFieldsDenied(policy, field.name === 'customField' ? kindOfType(parent) : kind, field, args),
    ...viewDenied(policy, kind, args.view),
  ];
}

const stringsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};

function rulesDenied(policy: Policy, kind: Kind | undefined, where: unknown): string[] {
  if (!kind || !Array.isArray(where)) return [];
  const attributes = where.map(({ attribute }: { attribute?: unknown }) => String(attribute));
  return attributes
    .filter((attribute) => !mayCompare(policy, kind, attribute))
    .map((attribute) => `Filtering by ${attribute.slice(0, 60)} is not granted to this caller.`);
}

function searchDenied(policy: Policy, name: string, { types, field, name: custom }: Args): string[] {
  if (name !== 'search' && name !== 'lookup') return [];
  const asked = (Array.isArray(types) ? types : []).flatMap((type) => kindOfTarget(type) ?? []);
  const may = name === 'search' ? maySearch : mayLookUp;
  const kinds = asked
    .filter((kind) => !may(policy.grants, kind))
    .map((kind) => `A ${name} among ${kind} is not granted to this caller.`);
  const by = field === 'custom' ? String(custom) : String(field);
  const columns =
    name === 'search'
      ? []
      : asked
          .filter((kind) => !comparable(policy, kind, by))
          .map((kind) => `A lookup of ${kind} by ${by.slice(0, 60)} is not granted to this caller.`);
  return [...kinds, ...columns];
}

function customFieldsDenied({ grants }: Policy, kind: Kind | undefined, field: Field, args: Args): string[] {
  const named = field.name === 'customField' ? [String(args.name)] : [];
  const written = objectsIn(args).flatMap(({ customFields }) =>
    typeof customFields === 'object' && customFields !== null ? Object.keys(customFields) : [],
  );
  return [...named, ...written]
    .filter((name) => kind && hidesCustomField(grants, kind, name))
    .map((name) => `The custom field ${name} is not granted to this caller.`);
}

/** Only what is certain: an id among ids, where names need the list of views to tell. The door knows the rest. */
function viewDenied({ grants }: Policy, kind: Kind | undefined, view: unknown): string[] {
  const views = kind && grants[kind].views;
  if (!views || typeof view !== 'string' || !views.every((each) => /^\d+$/.test(each))) return [];
  const id = view.replace(/^gid:\/\/freshsales\/\w+\//, '');
  return !/^\d+$/.test(id) || views.includes(id) ? [] : [`The view ${id} is not granted to this caller.`];
}
