import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isObjectType,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { argumentsOf, documentOf, fieldsIn, fragmentsOf } from '../../planner/document.ts';
import { coerceVariables } from '../../planner/operation.ts';
import { sourceOf } from '../../records/field-needs.ts';
import { isGid, parseGid, withoutZeros } from '../../records/gid.ts';
import { kindOfType } from '../grant.ts';
import type { AuditedRead } from './audit-event.ts';

/** A summary of an operation, from its document and response. */
export interface OperationSummary {
  readonly operation: 'query' | 'mutation' | 'subscription' | 'none';
  /** Names of root fields. */
  readonly fields: readonly string[];
  /** One for each root field. */
  readonly reads: readonly (AuditedRead & { readonly field: string })[];
  /** Types with CRM data that the operation uses. */
  readonly types: readonly string[];
}

interface Asked {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: ExecutionArgs['variableValues'];
}

const NOTHING: OperationSummary = { operation: 'none', fields: [], reads: [], types: [] };

/** Summarizes an operation. Takes only counts and ids from the response. Refused operations have only root fields. */
export function summaryOf(
  schema: GraphQLSchema | undefined,
  { document, operationName, variables }: Asked,
  data: unknown,
): OperationSummary {
  const operation = getOperationAST(document, operationName);
  if (!operation) return NOTHING;
  const fields = rootFields(operation, document);
  const names = [...new Set(fields.map(({ name }) => name))];
  const root = data === undefined ? undefined : schema?.getRootType(operation.operation);
  if (!root || !schema) return { ...NOTHING, operation: operation.operation, fields: names };
  const values = coerceVariables(schema, operation, variables, 1).coerced;
  const types = typesIn(schema, documentOf(operation, fragmentsOf(document)));
  const reads =
    operation.operation === 'query'
      ? fields.flatMap(({ name, key, node }) => {
          const field = root.getFields()[name];
          const args = field ? argumentsOf(field, node, values) : {};
          return field
            ? readingsOf(field, args, valueAt(data, key), types).map((each) => ({ ...each, field: name }))
            : [];
        })
      : [];
  return { operation: operation.operation, fields: names, reads, types };
}

/** Types that the operation reads or writes. Connections and edges count as their nodes. */
function typesIn(schema: GraphQLSchema, document: DocumentNode): string[] {
  const info = new TypeInfo(schema);
  const names = new Set<string>();
  const Field = () => {
    const type = getNamedType(info.getType());
    const parent = info.getParentType();
    for (const each of [type, parent]) if (isObjectType(each) && kindOfType(each.name)) names.add(recordOf(each.name));
    const write = sourceOf(info.getFieldDef()?.extensions ?? {}).write;
    if (write) names.add(write.type);
  };
  visit(document, visitWithTypeInfo(info, { Field }));
  return [...names];
}

const recordOf = (typeName: string): string =>
  typeName.replace(/^ContactSalesAccount(?=Connection|Edge)/, 'SalesAccount').replace(/(Connection|Edge)$/, '');

interface RootField {
  readonly name: string;
  readonly key: string;
  readonly node: FieldNode;
}

/** One per response key. */
function rootFields({ selectionSet }: OperationDefinitionNode, document: DocumentNode): RootField[] {
  const fields = fieldsIn(fragmentsOf(document), selectionSet).map((node): [string, RootField] => {
    const key = node.alias?.value ?? node.name.value;
    return [key, { name: node.name.value, key, node }];
  });
  return [...new Map(fields).values()];
}

const valueAt = (data: unknown, key: string): unknown =>
  typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : undefined;

/** Lists requested ids, even if nothing was found. */
function readingsOf(
  field: GraphQLField<unknown, unknown>,
  args: Readonly<Record<string, unknown>>,
  value: unknown,
  types: readonly string[],
): AuditedRead[] {
  if (Array.isArray(args.ids) && Array.isArray(value)) return readingsOfNodes(args.ids.map(String), value, types);
  const reading = readingOf(field, value, types);
  if (typeof args.id !== 'string') return [reading];
  const { type, id } = namedBy(args.id);
  return [{ ...reading, what: kindOfType(reading.what) ? reading.what : (type ?? reading.what), id: reading.id ?? id }];
}

/** One per requested type. */
function readingsOfNodes(
  given: readonly string[],
  values: readonly unknown[],
  types: readonly string[],
): AuditedRead[] {
  const named = given.map((gid, index) => ({ ...namedBy(gid), isThere: values[index] != null }));
  return [...new Set(named.map(({ type }) => type))].map((type) => {
    const those = named.filter((each) => each.type === type);
    const ids = [...new Set(those.map(({ id }) => id))];
    const related = types.filter((each) => each !== type && !each.endsWith('View'));
    return { what: type ?? 'node', ids, count: those.filter(({ isThere }) => isThere).length, related };
  });
}

/** Type and id of a global id. Other texts are kept. */
function namedBy(given: string): { type?: string; id: string } {
  return isGid(given) ? parseGid(given) : { id: withoutZeros(given) };
}

function readingOf(field: GraphQLField<unknown, unknown>, value: unknown, types: readonly string[]): AuditedRead {
  const type = recordOf(getNamedType(field.type).name);
  const what = kindOfType(type) ? type : field.name;
  const related = kindOfType(type) ? types.filter((each) => each !== type && !each.endsWith('View')) : [];
  const one = !/Connection$/.test(getNamedType(field.type).name) && !Array.isArray(value);
  if (one) return { what, count: value === null || value === undefined ? 0 : 1, id: idIn(value), related };
  return { what, count: countOf(value), related };
}

const idIn = (value: unknown): string | undefined => {
  const id = valueAt(value, 'databaseId') ?? valueAt(value, 'id');
  return typeof id === 'string' ? namedBy(id).id : undefined;
};

function countOf(value: unknown): number | undefined {
  const rows = Array.isArray(value) ? value : (valueAt(value, 'nodes') ?? valueAt(value, 'edges'));
  if (value === null || value === undefined) return 0;
  return Array.isArray(rows) ? rows.length : undefined;
}
