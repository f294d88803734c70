import {
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
} from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import { columnOf } from '../freshsales/resource.ts';
import { fieldsOf, type Selection, sourceOf } from './lookahead.ts';
import { includesOf, tableNamed } from './store.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** How a record comes to be known: read in its own right, or along with another. */
type Origin = 'read' | 'along';

/** What an operation may cost, in Freshsales calls. */
export interface Bounds {
  /** What its fields cost by their own account, whatever the records are like. */
  readonly atLeast: number;
  /** What it can come to when every list is as long as was asked for and every row that comes along lacks what is wanted. */
  readonly atMost: number;
}

/** Sums up what fields declare of their price. A small list counts once. */
class Bill {
  readonly #lists = new Set<string>();
  #calls = 0;

  add(calls: number, once?: string): void {
    if (once === undefined) this.#calls += calls;
    else this.#lists.add(once);
  }

  get total(): number {
    return this.#calls + this.#lists.size;
  }
}

/**
 * What an operation will cost on an account that honours includes, before it runs: a walk over what is selected, summing
 * the prices that fields declare. Undefined where the operation is not valid enough to tell.
 */
export function planCalls(
  schema: GraphQLSchema,
  { document, operationName, variables }: Operation,
): Bounds | undefined {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!operation || !root) return undefined;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  if (!coerced) return undefined;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  // The parser reads these five of a resolver's info, and takes the root fields like those of any other selection.
  const info = {
    fieldNodes: operation.selectionSet.selections,
    parentType: root,
    fragments,
    schema,
    variableValues: coerced,
  };
  const tree = parseResolveInfo(info as unknown as GraphQLResolveInfo, { keepRoot: true });
  const fieldsByTypeName = (tree ?? {}) as ResolveTree['fieldsByTypeName'];
  const costOf = (worst: boolean): number => {
    const walk = new Walk(schema, worst);
    walk.object({ name: '', alias: '', args: {}, fieldsByTypeName }, root, 1, 'read');
    return walk.bill.total;
  };
  return { atLeast: costOf(false), atMost: costOf(true) };
}

class Walk {
  readonly bill = new Bill();
  readonly #schema: GraphQLSchema;
  /** Whether what may be needed counts as well as what is. */
  readonly #worst: boolean;

  constructor(schema: GraphQLSchema, worst: boolean) {
    this.#schema = schema;
    this.#worst = worst;
  }

  /** Everything selected of `count` objects of one type. */
  object(selection: Selection, type: GraphQLObjectType, count: number, origin: Origin): void {
    const fields = fieldsOf(selection, type.name, { schema: this.#schema });
    const declared = type.getFields();
    const lacking =
      this.#worst &&
      origin === 'along' &&
      fields.some(({ name }) => lacks(type.name, declared[name]?.extensions ?? {}));
    // A row that came along without what is wanted of it is read by itself, once, with all of it.
    if (lacking) this.#readByItself(type.name, count);
    for (const field of fields) this.#field(field, type, count, lacking ? 'read' : origin);
  }

  #readByItself(typeName: string, count: number): void {
    const table = tableNamed(typeName);
    if (table && 'list' in table) this.bill.add(1, String(table.list));
    else if (table && 'path' in table) this.bill.add(count);
  }

  #field(field: Selection, parent: GraphQLObjectType, count: number, origin: Origin): void {
    const definition = parent.getFields()[field.name];
    if (!definition) return;
    const source = sourceOf(definition.extensions);
    for (const { calls, once } of source.price?.(field.args) ?? []) this.bill.add(calls * (once ? 1 : count), once);
    const asked = source.rows?.(field.args) ?? 1;
    // How many records one is related to is not known beforehand: at the least one, or the price below would not be asked for.
    const rows = count * (this.#worst || source.reads ? asked : Math.min(1, asked));
    const type = getNamedType(definition.type);
    if (rows === 0) return;
    const childOrigin = source.reads ? 'read' : isPart(parent.name) ? origin : 'along';
    for (const child of this.#possible(type)) {
      // A lookup row comes along only where its include was asked for, which is where its parent was read.
      if (!source.reads && (source.include === undefined || origin === 'along')) this.#fetchList(child.name);
      this.object(field, child, rows, childOrigin);
    }
  }

  /** Rows of a small list that nothing brings along. */
  #fetchList(typeName: string): void {
    if (!this.#worst) return;
    const table = tableNamed(typeName);
    if (table && 'list' in table) this.bill.add(1, String(table.list));
  }

  #possible(type: unknown): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
  }
}

/** Connections and edges are no records: what is selected below them is of the records they hold. */
const isPart = (typeName: string): boolean => /(Connection|Edge)$/.test(typeName);

/** Whether a row that came along lacks what this field reads. */
function lacks(typeName: string, extensions: Readonly<Record<string, unknown>>): boolean {
  const table = tableNamed(typeName);
  if (!table || (!('path' in table) && !table.mini)) return false;
  const { columns = [], include = [] } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  const plain = typeof exposed === 'string' ? [...columns, exposed] : columns;
  const relations = (typeof include === 'string' ? [include] : include).flatMap((name) => {
    const found = includesOf(table)[name];
    return found ? [columnOf(found)] : [];
  });
  return (
    plain.some((column) => !comesAlong(table.mini, column)) ||
    relations.some((column) => !comesAlong(table.mini, column))
  );
}

/** Without a list of what comes along, plain columns and single relations do, and lists of ids do not. */
const comesAlong = (mini: readonly string[] | undefined, column: string): boolean =>
  column === 'id' || (mini ? mini.includes(column) : !column.endsWith('_ids'));
