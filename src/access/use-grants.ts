import {
  type ASTNode,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { textsIn } from '../freshsales/json.ts';
import { argumentsOf } from '../planner/document.ts';
import { coerceVariables } from '../planner/operation.ts';
import { sourceOf } from '../records/field-needs.ts';
import { objectsIn } from './authorizer.ts';
import { type Kind, kindOfTarget, kindOfType, nameOf, notGranted } from './grant.ts';
import {
  accessFor,
  hasAccess,
  hidesCustomField,
  mayFilterBy,
  mayLookUp,
  mayLookUpBy,
  mayRead,
  mayReadType,
  maySearch,
} from './permissions.ts';
import { type Policy, policyOfSchema } from './policy.ts';

const forbidden = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

/**
 * Checks the whole operation before it runs. Operations are validated against the granted schema, so that errors reveal nothing
 * else. An operation that is valid in the whole schema is refused with the missing grants.
 */
export const useGrants = (): Plugin => ({
  onValidate({ params }) {
    const policy = policyOfSchema(params.schema as GraphQLSchema);
    return ({ valid, setResult }) => {
      if (!policy || (valid && hasRoots(policy.schema, params.documentAST))) return;
      if (validate(policy.full, params.documentAST).length > 0) return;
      const denied = deniedParts(policy, params.documentAST);
      if (denied.length > 0) setResult(denied.map(forbidden));
    };
  },
  onExecute: refuseValues,
  onSubscribe: refuseValues,
});

/** False for a mutation of a caller that may not write: validation passes over operations without a root type. */
const hasRoots = (schema: GraphQLSchema, { definitions }: DocumentNode): boolean =>
  definitions.every(
    (definition) => definition.kind !== 'OperationDefinition' || schema.getRootType(definition.operation),
  );

interface Execution {
  readonly args: ExecutionArgs;
  readonly setResultAndStopExecution: (result: ExecutionResult) => void;
}

function refuseValues({ args, setResultAndStopExecution: stop }: Execution): void {
  const policy = policyOfSchema(args.schema);
  if (!policy) return;
  const denied = deniedValues(policy, args);
  if (denied.length > 0) stop({ errors: denied.map(forbidden) });
}

/** Maximum number of reasons in a response. */
const MAX_REASONS = 10;

/** Fields, types and values of a document that are not granted, with the missing grant. Skipped fields count as well. */
export function deniedParts(policy: Policy, document: DocumentNode): string[] {
  const types = new TypeInfo(policy.full);
  const reasons = new Set<string>();
  const enter = (node: ASTNode) => {
    const reason = reasonFor(policy, types, node);
    if (reason) reasons.add(reason);
    // The selection below a denied field is denied with it.
    return reason ? false : undefined;
  };
  visit(document, visitWithTypeInfo(types, { enter }));
  return [...reasons].slice(0, MAX_REASONS);
}

function reasonFor(policy: Policy, types: TypeInfo, node: ASTNode): string | undefined {
  if (node.kind === 'Field') return fieldReason(policy, types);
  if (node.kind === 'NamedType') return typeReason(policy, node.name.value);
  if (node.kind === 'EnumValue') return valueReason(policy, types, node.value);
  if (node.kind === 'ObjectField') return inputReason(policy, types, node.name.value);
  return undefined;
}

const needs = ({ grants }: Policy, what: string, kind: Kind, needed = 'read'): string =>
  `${what} needs ${kind}: ${needed}, and this caller has ${nameOf(grants, kind)}.`;

function fieldReason(policy: Policy, types: TypeInfo): string | undefined {
  const [parent, field] = [types.getParentType(), types.getFieldDef()];
  if (!parent || !field || field.name.startsWith('__')) return undefined;
  const granted = policy.schema.getType(parent.name);
  if ((isObjectType(granted) || isInterfaceType(granted)) && granted.getFields()[field.name]) return undefined;
  const what = isRoot(policy, parent.name) ? field.name : `${parent.name}.${field.name}`;
  const write = sourceOf(field.extensions).write;
  const kind = write && kindOfType(write.type);
  if (write && kind) {
    const needed = accessFor(write.action);
    return !hasAccess(policy.grants, kind, needed) ? needs(policy, what, kind, needed) : notGranted(what).message;
  }
  const missing = [kindOfType(getNamedType(field.type).name), kindOfType(parent.name)].find(
    (each) => each && !mayRead(policy.grants, each),
  );
  if (missing) return needs(policy, what, missing);
  if ((field.name === 'search' || field.name === 'lookup') && !mayRead(policy.grants, 'search'))
    return needs(policy, what, 'search');
  return notGranted(what).message;
}

const isRoot = ({ full }: Policy, name: string): boolean =>
  [full.getQueryType(), full.getMutationType(), full.getSubscriptionType()].some((type) => type?.name === name);

function typeReason(policy: Policy, name: string): string | undefined {
  if (policy.schema.getType(name) || !policy.full.getType(name)) return undefined;
  const kind = kindOfType(name);
  return kind && !mayRead(policy.grants, kind) ? needs(policy, name, kind) : notGranted(name).message;
}

function valueReason(policy: Policy, types: TypeInfo, value: string): string | undefined {
  const type = getNamedType(types.getInputType());
  if (!isEnumType(type)) return undefined;
  const granted = policy.schema.getType(type.name);
  if (isEnumType(granted) && granted.getValue(value)) return undefined;
  const kind = type.name === 'RecordType' ? kindOfTarget(type.getValue(value)?.value) : undefined;
  const what = `${type.name}.${value}`;
  return kind && !mayRead(policy.grants, kind) ? needs(policy, what, kind) : notGranted(what).message;
}

function inputReason(policy: Policy, types: TypeInfo, name: string): string | undefined {
  const type = getNamedType(types.getParentInputType());
  if (!isInputObjectType(type)) return undefined;
  const granted = policy.schema.getType(type.name);
  return isInputObjectType(granted) && granted.getFields()[name]
    ? undefined
    : notGranted(`${type.name}.${name}`).message;
}

type Operation = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

/** Values that are not granted: global ids of hidden types, filters by hidden columns, and hidden custom fields and views. */
export function deniedValues(policy: Policy, { document, operationName, variableValues }: Operation): string[] {
  const operation = getOperationAST(document, operationName);
  if (!operation) return [];
  const { coerced, errors } = coerceVariables(policy.schema, operation, variableValues, 1);
  if (errors) {
    // Values that are invalid in the whole schema are reported by the executor.
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
  const kind = kindOfType(sourceOf(field.extensions).write?.type ?? getNamedType(field.type).name);
  const types = textsIn(args).flatMap((text) => GID.exec(text)?.[1] ?? []);
  const foreign = [...new Set(types)].filter((type) => policy.full.getType(type) && !mayReadType(grants, type));
  return [
    ...foreign.map((type) => notGranted(`${type}`).message),
    ...rulesDenied(policy, kind, args.where),
    ...searchDenied(policy, field.name, args),
    ...customFieldsDenied(policy, field.name === 'customField' ? kindOfType(parent) : kind, field, args),
    ...viewDenied(policy, kind, args.view),
  ];
}

function rulesDenied(policy: Policy, kind: Kind | undefined, where: unknown): string[] {
  if (!kind || !Array.isArray(where)) return [];
  const attributes = where.map(({ attribute }: { attribute?: unknown }) => String(attribute));
  return attributes
    .filter((attribute) => !mayFilterBy(policy, kind, attribute))
    .map((attribute) => notGranted(`Filtering by ${attribute.slice(0, 60)}`).message);
}

function searchDenied(policy: Policy, name: string, { types, field, name: custom }: Args): string[] {
  if (name !== 'search' && name !== 'lookup') return [];
  const asked = (Array.isArray(types) ? types : []).flatMap((type) => kindOfTarget(type) ?? []);
  const may = name === 'search' ? maySearch : mayLookUp;
  const kinds = asked
    .filter((kind) => !may(policy.grants, kind))
    .map((kind) => notGranted(`A ${name} among ${kind}`).message);
  const by = field === 'custom' ? String(custom) : String(field);
  const columns =
    name === 'search'
      ? []
      : asked
          .filter((kind) => !mayLookUpBy(policy, kind, by))
          .map((kind) => notGranted(`A lookup of ${kind} by ${by.slice(0, 60)}`).message);
  return [...kinds, ...columns];
}

function customFieldsDenied({ grants }: Policy, kind: Kind | undefined, field: Field, args: Args): string[] {
  const named = field.name === 'customField' ? [String(args.name)] : [];
  const written = objectsIn(args).flatMap(({ customFields }) =>
    Array.isArray(customFields)
      ? customFields.map((condition: { name?: unknown }) => String(condition.name))
      : Object.keys(customFields ?? {}),
  );
  return [...named, ...written]
    .filter((name) => kind && hidesCustomField(grants, kind, name))
    .map((name) => notGranted(`The custom field ${name}`).message);
}

/** Only ids can be compared here. The session guard checks views that are granted by name. */
function viewDenied({ grants }: Policy, kind: Kind | undefined, view: unknown): string[] {
  const views = kind && grants[kind].views;
  if (!views || typeof view !== 'string' || !views.every((each) => /^\d+$/.test(each))) return [];
  const id = view.replace(/^gid:\/\/freshsales\/\w+\//, '');
  return !/^\d+$/.test(id) || views.includes(id) ? [] : [notGranted(`The view ${id}`).message];
}
