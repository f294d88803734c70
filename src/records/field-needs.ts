import { createContextCache } from '@pothos/core';
import { type GraphQLResolveInfo, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Known } from '../cache/known.ts';
import type { Action } from '../freshsales/change.ts';
import type { Call } from '../freshsales/transport.ts';
import { type Needs, NOTHING, union } from './needs.ts';
import type { RecordType, Registry } from './record-type.ts';

/** What a field takes from the wire, declared beside it: `extensions: { freshsales: { include: 'owner' } }`. */
export interface FieldSource {
  /** Plain columns the resolver reads, where `expose` does not say it already. */
  readonly columns?: readonly string[];
  /** The include that brings the relation, or several where more than one has to be asked. */
  readonly include?: string | readonly string[];
  /** An include that is asked for along with others, but is no reason for a call. */
  readonly extra?: string;
  /** What the field costs for each parent; nothing where it comes along. */
  readonly price?: (args: Args, pricing: Pricing) => readonly Charge[];
  /** How many records it gives at the most. One where it does not say, and of a list nobody knows how many. */
  readonly rows?: (args: Args, pricing: Pricing) => number;
  /** How many records have to be reckoned with: as many as were asked for where they are read in their own right, else one. */
  readonly expects?: (args: Args) => number;
  /**
   * Its records are read in their own right, with the includes the selection wants; others come along with their parent.
   * A `page` may not honour an include, and the rows of a `thin` one may lack columns as well.
   */
  readonly reads?: true | 'page' | 'thin';
  /** Columns that rows which come along this way have, where they are fewer than elsewhere. */
  readonly brings?: readonly string[];
  /** The audit log names the records that it finds, so that it runs each time. */
  readonly names?: true;
  /** What a mutation does, to which type of record, and to how many. */
  readonly write?: { readonly type: string; readonly action: Action; readonly records: CountRecords };
}

export type Args = Readonly<Record<string, unknown>>;

/** How many records a mutation writes with these arguments. `Infinity` if the arguments do not tell. */
export type CountRecords = (args: Args) => number;

/** What a price may depend on beside the arguments. */
export interface Pricing {
  readonly selection: Selection;
  readonly known: Known;
  readonly registry: Registry;
  readonly schema: GraphQLSchema;
}

/** Freshsales calls that a field causes for each of its parents. */
export interface Charge {
  /** How many at the most. */
  readonly calls: number;
  /** How many of them are made whatever the records are like; all of them where it does not say. */
  readonly needs?: number;
  /** How many of them are made even if there are no records; all that are needed where it does not say. */
  readonly certain?: number;
  /** Names a small list that an operation pays for once, however often it is wanted. */
  readonly once?: string;
  /** As a template: `GET /contacts/view/{id}`. */
  readonly call?: string;
  /** What is asked to come along, whatever is selected. */
  readonly include?: readonly string[];
  /** The record type, where each call reads a record of it by its id. */
  readonly recordType?: RecordType;
  /** The very requests, first to last, as far as they can be told beforehand. */
  readonly requests?: readonly Call[];
  /** Of a view whose id is not known yet, what it was called. */
  readonly view?: string;
  /** When they are made, where that is not always. */
  readonly when?: string;
  /** They are made on accounts only that do not answer as documented. */
  readonly fallback?: boolean;
}

/** What a field declares, if it does. */
export const sourceOf = (extensions: Readonly<Record<string, unknown>>): FieldSource =>
  (extensions.freshsales ?? {}) as FieldSource;

/** One field of the operation and what is selected below it, aliases, fragments, variables and directives resolved. */
export type Selection = ResolveTree;

/** Parsed once for each field of the document, however many records it is resolved for. */
const selections = createContextCache((_context: object) => new WeakMap<object, Selection>());

const EMPTY: Selection = { name: '', alias: '', args: {}, fieldsByTypeName: {} };

export function selectionOf(context: object, info: GraphQLResolveInfo): Selection {
  const known = selections(context).get(info.fieldNodes);
  if (known) return known;
  const tree = parseResolveInfo(info);
  // Without `keepRoot` the parser gives the field itself, or null where nothing is selected.
  const selection = tree && 'fieldsByTypeName' in tree ? (tree as Selection) : EMPTY;
  selections(context).set(info.fieldNodes, selection);
  return selection;
}

/** The fields selected of one object type, those asked through an interface or a union included. */
export function fieldsOf(
  selection: Selection,
  typeName: string,
  info: Pick<GraphQLResolveInfo, 'schema'>,
): Selection[] {
  return Object.entries(selection.fieldsByTypeName)
    .filter(([asked]) => asked === typeName || isPossible(asked, typeName, info))
    .flatMap(([, fields]) => Object.values(fields));
}

function isPossible(abstract: string, typeName: string, { schema }: Pick<GraphQLResolveInfo, 'schema'>): boolean {
  const [parent, type] = [schema.getType(abstract), schema.getType(typeName)];
  return isAbstractType(parent) && isObjectType(type) && schema.isSubType(parent, type);
}

type NeedsOf = (selection: Selection, typeName: string, info: Pick<GraphQLResolveInfo, 'schema'>) => Needs;

/** Works the needs of a selection out once, however many records it is resolved for. A selection is of one schema. */
function oncePerSelection(work: NeedsOf): NeedsOf {
  const known = new WeakMap<Selection, Map<string, Needs>>();
  return (selection, typeName, info) => {
    const byType = known.get(selection) ?? new Map<string, Needs>();
    const found = byType.get(typeName) ?? work(selection, typeName, info);
    known.set(selection, byType.set(typeName, found));
    return found;
  };
}

/** What a selection wants of records of this type. */
export const needsOf = oncePerSelection((selection, typeName, info) => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return NOTHING;
  const declared = type.getFields();
  return union(fieldsOf(selection, typeName, info).map(({ name }) => needsOfField(declared[name]?.extensions ?? {})));
});

const needs = new WeakMap<object, Needs>();

/** What one field wants of a record, worked out once for each definition. */
export function needsOfField(extensions: Readonly<Record<string, unknown>>): Needs {
  const known = needs.get(extensions);
  if (known) return known;
  const { columns = [], include = [], extra } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  const wanted: Needs = {
    columns: new Set(typeof exposed === 'string' ? [...columns, exposed] : columns),
    includes: new Set(typeof include === 'string' ? [include] : include),
    extras: new Set(extra === undefined ? [] : [extra]),
  };
  needs.set(extensions, wanted);
  return wanted;
}

/** The selections below a connection that are about its records. */
export function nodeSelections(selection: Selection): Selection[] {
  const fields = Object.values(selection.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));
  return fields.flatMap((field) => {
    if (field.name === 'nodes') return [field];
    if (field.name !== 'edges') return [];
    return Object.values(field.fieldsByTypeName)
      .flatMap((byAlias) => Object.values(byAlias))
      .filter(({ name }) => name === 'node');
  });
}

/** What a connection's records are wanted for, `nodes` and `edges.node` looked through. */
export const nodeNeedsOf = oncePerSelection((selection, typeName, info) =>
  union(nodeSelections(selection).map((node) => needsOf(node, typeName, info))),
);

/** Whether the operation asks for any of these fields directly below. */
export const asksFor = (selection: Selection, ...names: string[]): boolean =>
  Object.values(selection.fieldsByTypeName).some((byAlias) =>
    Object.values(byAlias).some(({ name }) => names.includes(name)),
  );

/** Whether more than the ids of a record is wanted, which are known with whatever points to it. */
export const asksBeyondIds = (selection: Selection): boolean =>
  Object.values(selection.fieldsByTypeName).some((byAlias) =>
    Object.values(byAlias).some(({ name }) => name !== 'id' && name !== 'databaseId'),
  );
