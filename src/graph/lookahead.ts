import { createContextCache } from '@pothos/core';
import { type GraphQLResolveInfo, isAbstractType, isObjectType } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Context } from '../context.ts';
import type { Action } from '../freshsales/change.ts';
import { type Needs, NOTHING, union } from './needs.ts';

/** What a field takes from the wire, declared beside it: `extensions: { freshsales: { include: 'owner' } }`. */
export interface FieldSource {
  /** Plain columns the resolver reads, where `expose` does not say it already. */
  readonly columns?: readonly string[];
  /** The include that brings the relation, or several where more than one has to be asked. */
  readonly include?: string | readonly string[];
  /** An include that is asked for along with others, but is no reason for a call. */
  readonly extra?: string;
  /** What the field costs for each parent, from its arguments; nothing where it comes along. */
  readonly price?: (args: Readonly<Record<string, unknown>>) => readonly Charge[];
  /** How many records it gives at the most, from its arguments; one where it does not say. */
  readonly rows?: (args: Readonly<Record<string, unknown>>) => number;
  /** Its records are read in their own right, with the includes the selection wants; others come along with their parent. */
  readonly reads?: true;
  /** What a mutation does, and to which record type. */
  readonly write?: { readonly type: string; readonly action: Action };
}

/** Freshsales calls. `once` names a small list that an operation pays for once, however often it is wanted. */
export interface Charge {
  readonly calls: number;
  readonly once?: string;
  /** The call as a template, such as `PUT /contacts/{id}`. */
  readonly call?: string;
}

/** What a field declares, if it does. */
export const sourceOf = (extensions: Readonly<Record<string, unknown>>): FieldSource =>
  (extensions.freshsales ?? {}) as FieldSource;

/** One field of the operation and what is selected below it, aliases, fragments, variables and directives resolved. */
export type Selection = ResolveTree;

/** Parsed once for each field of the document, however many records it is resolved for. */
const selections = createContextCache((_context: Context) => new WeakMap<object, Selection>());

const EMPTY: Selection = { name: '', alias: '', args: {}, fieldsByTypeName: {} };

export function selectionOf(context: Context, info: GraphQLResolveInfo): Selection {
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

/** What a selection wants of records of this type, a connection's `nodes` and `edges.node` looked through. */
export function needsOf(selection: Selection, typeName: string, info: GraphQLResolveInfo): Needs {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return NOTHING;
  const declared = type.getFields();
  return union(fieldsOf(selection, typeName, info).map(({ name }) => needsOfField(declared[name]?.extensions ?? {})));
}

function needsOfField(extensions: Readonly<Record<string, unknown>>): Needs {
  const { columns = [], include = [], extra } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  return {
    columns: new Set(typeof exposed === 'string' ? [...columns, exposed] : columns),
    includes: new Set(typeof include === 'string' ? [include] : include),
    extras: new Set(extra === undefined ? [] : [extra]),
  };
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

/** What a connection's records are wanted for. */
export const nodeNeedsOf = (selection: Selection, typeName: string, info: GraphQLResolveInfo): Needs =>
  union(nodeSelections(selection).map((node) => needsOf(node, typeName, info)));

/** Whether the operation asks for any of these fields directly below. */
export const asksFor = (selection: Selection, ...names: string[]): boolean =>
  Object.values(selection.fieldsByTypeName).some((byAlias) =>
    Object.values(byAlias).some(({ name }) => names.includes(name)),
  );
