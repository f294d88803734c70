import { createContextCache } from '@pothos/core';
import { GraphQLError, type GraphQLResolveInfo, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import { parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';
import type { Call } from '../freshsales/transport.ts';
import type { Action } from '../freshsales/writes.ts';
import { getOrInsert } from '../maps.ts';
import { type Knowledge, type Needs, NOTHING, type RecordType, union } from './record-type.ts';

type PageKind = 'page' | 'thin';

/** The data that a field reads from Freshsales, declared in its extensions: `extensions: { freshsales: { include: 'owner' } }`. */
export interface FieldSource {
  /** Columns that the resolver reads, in addition to the exposed one. */
  readonly columns?: readonly string[];
  /** The include, or includes, that bring the relation. */
  readonly include?: string | readonly string[];
  /** An include that is requested with a call that is made anyway, but is not worth a separate call. */
  readonly extra?: string;
  /** The fetch of the field for each parent. Left out if it is side-loaded. */
  readonly fetch?: FieldFetch;
  /** The most records that it returns. Left out for one record, and for a list of unknown length. */
  readonly rows?: (args: Args, planning: Planning) => number;
  /** The number of records that it is expected to return. By default as many as requested if it reads them, else one. */
  readonly expects?: (args: Args) => number;
  /**
   * Its records are read with the includes of the selection; those of other fields are side-loaded with their parent. A `page`
   * may ignore an include, and the rows of a `thin` one may lack columns as well.
   */
  readonly reads?: true | PageKind | ((args: Args) => PageKind);
  /** The only columns of rows that are side-loaded here, if they are fewer than elsewhere. */
  readonly brings?: readonly string[];
  /** Columns of its records by which all of them are sorted in memory. */
  readonly sorts?: (args: Args) => readonly string[];
  /** The column by which its records are searched. A caller that may not filter by it does not see the field. */
  readonly filteredBy?: string;
  /** Its object is another view of the same record. */
  readonly isSameRecord?: true;
  /** Columns by which its records can be searched, although none of their columns come with the parent. */
  readonly foundBy?: readonly string[];
  /** The audit log names the records that it finds, so it runs each time. */
  readonly names?: true;
  /** The reason why the product of the account does not have the field. It is never read. */
  readonly unavailable?: string;
  readonly write?: WriteSource;
}

/** The action of a mutation, its type of record, and the number of records. */
export interface WriteSource {
  readonly type: string;
  readonly action: Action;
  readonly records: CountRecords;
  /** Fields that it writes without an argument for them. Callers need them in their grant. */
  readonly fields?: readonly string[] | undefined;
}

export type Args = Readonly<Record<string, unknown>>;

/** The way in which the records of a field are read, with these arguments. */
export const readsOf = ({ reads }: FieldSource, args: Args): true | PageKind | undefined =>
  typeof reads === 'function' ? reads(args) : reads;

/** True if its records are rows of pages, whole or thin. */
export const readsPages = ({ reads }: FieldSource): boolean => reads !== undefined && reads !== true;

/** The number of records that a mutation writes with these arguments. Infinity if unknown. */
export type CountRecords = (args: Args) => number;

/** The fetch of a field. The planner adds up `cost`, and the field resolves by `run`. */
export interface FieldFetch {
  /** Calls for each parent, with the arguments of the field. Spends nothing. Throws a GraphQLError if they will be refused. */
  cost(args: never, planning: Planning): readonly FieldCost[];
  run(...given: never[]): unknown;
}

/** The extensions and the resolver of a field that fetches. */
export const fetchedBy = <F extends FieldFetch>(fetch: F, source: Omit<FieldSource, 'fetch'> = {}) => ({
  extensions: { freshsales: { ...source, fetch } satisfies FieldSource },
  resolve: fetch.run as F['run'],
});

/** The same fetch, if it is made only under a condition. */
export const onlyIf = <F extends FieldFetch>({ cost, run }: F, when: string) => ({
  run: run as F['run'],
  cost: (args: never, planning: Planning) => cost(args, planning).map((each) => ({ ...each, needs: 0, when })),
});

/**
 * The cost of a field for each parent. Its strategy takes the arguments that the field declares. Undefined if they will be refused:
 * then nothing below the field is read.
 */
export function costOfField({ fetch }: FieldSource, args: Args, planning: Planning): readonly FieldCost[] | undefined {
  try {
    return fetch?.cost(args as never, planning) ?? [];
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** The values that a cost may depend on, in addition to the arguments. */
export interface Planning extends Knowledge {
  readonly selection: Selection;
  readonly schema: GraphQLSchema;
}

/** Freshsales calls that a field causes for each of its parents. */
export interface FieldCost {
  /** The most calls. */
  readonly calls: number;
  /** The calls that are made whatever the records contain. By default, all. */
  readonly needs?: number;
  /** The calls that are made even if there are no records. By default, all that are needed. */
  readonly certain?: number;
  /** Path of a lookup or list of views, which an operation reads at most once. */
  readonly list?: string;
  /** As a template: `GET /contacts/view/{id}`. */
  readonly call?: string;
  /** Includes that are requested whatever is selected. */
  readonly include?: readonly string[];
  /** The record type, if each call reads a record by its id. */
  readonly recordType?: RecordType;
  /** The exact requests in order, as far as they are known. */
  readonly requests?: readonly Call[];
  /** The name of a view whose id is not known yet. */
  readonly view?: string;
  /** The condition for the calls. */
  readonly when?: string;
  /** Made only on accounts that do not behave as documented. */
  readonly fallback?: boolean;
  /** Made once for the operation, whatever the number of parents. */
  readonly isShared?: true;
}

/** The declaration in the extensions of a field. */
export const sourceOf = (extensions: Readonly<Record<string, unknown>>): FieldSource =>
  (extensions.freshsales ?? {}) as FieldSource;

/** A field of the operation and what is selected below it, with aliases, fragments, variables and directives resolved. */
export type Selection = ResolveTree;

/** Parsed once for each field of the document, however many records it is resolved for. */
const selections = createContextCache((_context: object) => new WeakMap<object, Selection>());

const EMPTY: Selection = { name: '', alias: '', args: {}, fieldsByTypeName: {} };

export const selectionOf = (context: object, info: GraphQLResolveInfo): Selection =>
  getOrInsert(selections(context), info.fieldNodes, () => {
    const { root } = wholeSelection(context);
    return root ? selectionAt(root, info) : parsed(info);
  });

function parsed(info: GraphQLResolveInfo): Selection {
  const tree = parseResolveInfo(info);
  // Without `keepRoot` the parser returns the field itself, or null if nothing is selected.
  return tree && 'fieldsByTypeName' in tree ? (tree as Selection) : EMPTY;
}

/**
 * The whole operation as one selection, if its answer is delivered in parts. A field may then be resolved several times, for one
 * part with one part of its selection. It is read with all of it, so that the parts need no more calls than the whole.
 */
export const wholeSelection = createContextCache((_context: object): { root?: Selection } => ({}));

/** The selection of the operation at the path of a field. */
function selectionAt(root: Selection, info: GraphQLResolveInfo): Selection {
  const path: GraphQLResolveInfo['path'][] = [];
  for (let step: GraphQLResolveInfo['path'] | undefined = info.path; step; step = step.prev)
    if (typeof step.key === 'string') path.unshift(step);
  const found = path.reduce(
    (selections, { key, typename = '' }) =>
      selections.flatMap((selection) =>
        Object.entries(selection.fieldsByTypeName)
          .filter(([asked]) => asked === typename || isPossible(asked, typename, info))
          .flatMap(([, fields]) => ownOf(fields, key) ?? []),
      ),
    [root],
  );
  return found.length > 1 ? merged(found) : (found[0] ?? EMPTY);
}

/** An alias may be named like something that every object inherits. */
const ownOf = (fields: Readonly<Record<string, Selection>>, alias: string | number): Selection | undefined =>
  Object.hasOwn(fields, alias) ? fields[alias] : undefined;

function merged([first = EMPTY, ...others]: readonly Selection[]): Selection {
  const fieldsByTypeName: Record<string, Record<string, Selection>> = {};
  for (const selection of [first, ...others])
    for (const [typeName, fields] of Object.entries(selection.fieldsByTypeName)) {
      const all = fieldsByTypeName[typeName] ?? {};
      fieldsByTypeName[typeName] = all;
      for (const [alias, field] of Object.entries(fields)) {
        const other = ownOf(all, alias);
        all[alias] = other ? merged([other, field]) : field;
      }
    }
  return { ...first, fieldsByTypeName };
}

/** The fields selected of an object type, including those selected through an interface or a union. */
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

/** Computes the needs of a selection once for all records it is resolved for. */
function oncePerSelection(work: NeedsOf): NeedsOf {
  const known = new WeakMap<Selection, Map<string, Needs>>();
  return (selection, typeName, info) =>
    getOrInsert(
      getOrInsert(known, selection, () => new Map()),
      typeName,
      () => work(selection, typeName, info),
    );
}

/** The needs of a selection for records of this type. */
export const needsOf = oncePerSelection((selection, typeName, info) => {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return NOTHING;
  const declared = type.getFields();
  return union(fieldsOf(selection, typeName, info).map(({ name }) => needsOfField(declared[name]?.extensions ?? {})));
});

const needs = new WeakMap<object, Needs>();

/** The needs of one field for a record, computed once for each definition. */
export const needsOfField = (extensions: Readonly<Record<string, unknown>>): Needs =>
  getOrInsert(needs, extensions, declaredNeeds);

function declaredNeeds(extensions: Readonly<Record<string, unknown>>): Needs {
  const { columns = [], include = [], extra } = sourceOf(extensions);
  const exposed = extensions.pothosExposedField;
  return {
    columns: new Set(typeof exposed === 'string' ? [...columns, exposed] : columns),
    includes: new Set(typeof include === 'string' ? [include] : include),
    extras: new Set(extra === undefined ? [] : [extra]),
  };
}

/** The selections of a connection's records, below `nodes` and `edges.node`. */
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

/** The needs of a selection for a connection's records. */
export const nodeNeedsOf = oncePerSelection((selection, typeName, info) =>
  union(nodeSelections(selection).map((node) => needsOf(node, typeName, info))),
);

/** True if any of these fields is selected directly below. */
export const asksFor = (selection: Selection, ...names: string[]): boolean =>
  Object.values(selection.fieldsByTypeName).some((byAlias) =>
    Object.values(byAlias).some(({ name }) => names.includes(name)),
  );

/** True if more than the ids of a record is selected. Its ids are known from what points to it. */
export const asksBeyondIds = (selection: Selection): boolean =>
  Object.values(selection.fieldsByTypeName).some((byAlias) =>
    Object.values(byAlias).some(({ name }) => name !== 'id' && name !== 'databaseId'),
  );
