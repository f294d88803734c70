import {
  type ASTNode,
  type DocumentNode,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { accessFor, mayRead, nameOf } from './grant.ts';
import { writeOf } from './granted-schema.ts';
import { type Kind, kindOfTarget, kindOfType } from './kind.ts';
import type { Policy } from './policy.ts';

/** So many reasons are enough to see what is missing. */
const MAX_REASONS = 10;

/**
 * Why an operation that is valid in the whole schema is not for these grants: each field, type and value of it that they do not
 * hold, by the grant that would. Directives do not count: what is skipped is looked at all the same.
 */
export function deniedParts(policy: Policy, document: DocumentNode): string[] {
  const types = new TypeInfo(policy.full);
  const reasons = new Set<string>();
  const enter = (node: ASTNode) => {
    const reason = reasonFor(policy, types, node);
    if (reason) reasons.add(reason);
    // What is below something denied is denied with it.
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

const notGranted = (what: string): string => `${what} is not granted to this caller.`;

function fieldReason(policy: Policy, types: TypeInfo): string | undefined {
  const [parent, field] = [types.getParentType(), types.getFieldDef()];
  if (!parent || !field || field.name.startsWith('__')) return undefined;
  const granted = policy.schema.getType(parent.name);
  if ((isObjectType(granted) || isInterfaceType(granted)) && granted.getFields()[field.name]) return undefined;
  const what = isRoot(policy, parent.name) ? field.name : `${parent.name}.${field.name}`;
  const write = writeOf(field.extensions);
  const kind = write && kindOfType(write.type);
  if (write && kind) {
    const needed = accessFor(write.action);
    const lacks =
      !['write', 'full'].includes(policy.grants[kind].access) ||
      (policy.grants[kind].access !== 'full' && needed === 'full');
    return lacks ? needs(policy, what, kind, needed) : notGranted(what);
  }
  const missing = [kindOfType(getNamedType(field.type).name), kindOfType(parent.name)].find(
    (each) => each && !mayRead(policy.grants, each),
  );
  if (missing) return needs(policy, what, missing);
  if ((field.name === 'search' || field.name === 'lookup') && !mayRead(policy.grants, 'search'))
    return needs(policy, what, 'search');
  return notGranted(what);
}

const isRoot = ({ full }: Policy, name: string): boolean =>
  [full.getQueryType(), full.getMutationType(), full.getSubscriptionType()].some((type) => type?.name === name);

function typeReason(policy: Policy, name: string): string | undefined {
  if (policy.schema.getType(name) || !policy.full.getType(name)) return undefined;
  const kind = kindOfType(name);
  return kind && !mayRead(policy.grants, kind) ? needs(policy, name, kind) : notGranted(name);
}

function valueReason(policy: Policy, types: TypeInfo, value: string): string | undefined {
  const type = getNamedType(types.getInputType());
  if (!isEnumType(type)) return undefined;
  const granted = policy.schema.getType(type.name);
  if (isEnumType(granted) && granted.getValue(value)) return undefined;
  const kind = type.name === 'RecordType' ? kindOfTarget(type.getValue(value)?.value) : undefined;
  const what = `${type.name}.${value}`;
  return kind && !mayRead(policy.grants, kind) ? needs(policy, what, kind) : notGranted(what);
}

function inputReason(policy: Policy, types: TypeInfo, name: string): string | undefined {
  const type = getNamedType(types.getParentInputType());
  if (!isInputObjectType(type)) return undefined;
  const granted = policy.schema.getType(type.name);
  return isInputObjectType(granted) && granted.getFields()[name] ? undefined : notGranted(`${type.name}.${name}`);
}
