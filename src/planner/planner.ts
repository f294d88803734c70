import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isAbstractType, isObjectType } from 'graphql';
import { isReadElsewhere } from '../records/capabilities.ts';
import {
  type Args,
  costOfField,
  type FieldSource,
  fieldsOf,
  needsOfField,
  nodeSelections,
  readsOf,
  readsPages,
  type Selection,
  sourceOf,
} from '../records/field-needs.ts';
import { includesOfPage } from '../records/pages.ts';
import {
  type Gap,
  includesToAsk,
  type Knowledge,
  type Needs,
  NOTHING,
  type RecordType,
  readCall,
  relationOf,
  type Source,
  union,
} from '../records/record-type.ts';
import { BEYOND_A_PAGE } from '../records/window.ts';
import { CostEstimate } from './cost-estimate.ts';
import {
  isList,
  isPart,
  type Origin,
  READ,
  type Records,
  readLookup,
  recordTypesOf,
  siteOf,
  unsentColumns,
  wants,
  whenIncomplete,
} from './known-records.ts';
import type { Site } from './planned-calls.ts';

/** Adds up the cost of everything that is selected. */
export class Planner {
  readonly #schema: GraphQLSchema;
  readonly #knowledge: Knowledge;

  constructor(schema: GraphQLSchema, knowledge: Knowledge) {
    this.#schema = schema;
    this.#knowledge = knowledge;
  }

  operation(selection: Selection, root: GraphQLObjectType): CostEstimate {
    const estimate = new CostEstimate(this.#knowledge);
    const records: Records = { path: '', most: 1, usual: 1, batches: 1, ...READ };
    for (const field of fieldsOf(selection, root.name, { schema: this.#schema }))
      this.#field(field, root, records, estimate);
    return estimate;
  }

  /** Adds what is selected of some records of one type. */
  #records(selection: Selection, type: GraphQLObjectType, records: Records, estimate: CostEstimate): void {
    const fields = fieldsOf(selection, type.name, { schema: this.#schema });
    const source = isPart(type.name) ? undefined : this.#knowledge.registry.source(type.name);
    const known = source ? this.#complete(readingsOf(fields, type), type, records, source, estimate) : {};
    for (const field of fields) this.#field(field, type, { ...records, ...known }, estimate);
  }

  /** Adds what it takes to know all that is selected of the records. Returns how they are known after that. */
  #complete(
    readings: readonly Reading[],
    type: GraphQLObjectType,
    records: Records,
    source: Source,
    estimate: CostEstimate,
  ): Partial<Pick<Records, 'origin' | 'batches'>> {
    const table = this.#knowledge.registry.table(type.name);
    const needs = union(readings.map(({ extensions }) => needsOfField(extensions)));
    const incomplete = readings.filter(
      ({ extensions }) => records.origin === 'along' && unsentColumns(table, extensions, records.brings).length > 0,
    );
    const lacks = [...new Set(incomplete.map(({ name }) => name))];
    if ('list' in source) {
      readLookup(source.list, records, { isMissing: lacks.length > 0, isWanted: wants(needs) }, estimate);
      return {};
    }
    const { recordType } = source;
    if (records.foundBy && !wants(needs)) return {};
    const unavailable = this.#unavailable(recordType, records, needs);
    const when =
      lacks.length > 0
        ? `only for records whose row lacks ${lacks.join(', ')}`
        : (unavailable ?? whenIncomplete(records.origin, needs));
    if (when === undefined) return {};
    const isBatched = estimate.fetch(recordType, siteOf(records), {
      gap: this.#gap(recordType, records, needs),
      batches: records.batches,
      include: includesToAsk(needs),
      when,
      lacks,
      fallback: lacks.length === 0 && unavailable === undefined,
    });
    if (lacks.length === 0) return {};
    return isBatched ? { origin: 'read' } : { origin: 'read', batches: records.most };
  }

  /** The parts of the records that may be missing, and the columns of their rows. */
  #gap(recordType: RecordType, { brings = recordType.sideloadColumns, foundBy }: Records, { includes }: Needs): Gap {
    const { capabilities } = this.#knowledge;
    return {
      missing: [...includes].filter((name) => !isReadElsewhere(recordType, name, capabilities)),
      has: (column) => (foundBy ?? brings)?.includes(column) ?? true,
    };
  }

  /** The reason why the records will lack something, if their list is known to ignore an include. */
  #unavailable(recordType: RecordType, { call, origin }: Records, { includes }: Needs): string | undefined {
    const { capabilities } = this.#knowledge;
    if (call === undefined || (origin !== 'page' && origin !== 'thin')) return undefined;
    const unavailable = [...includes].filter(
      (name) => capabilities.isUnavailable(call, name) && !isReadElsewhere(recordType, name, capabilities),
    );
    return unavailable.length > 0
      ? `as include=${unavailable.join(',')} has not come with such a list lately`
      : undefined;
  }

  #field(field: Selection, parent: GraphQLObjectType, records: Records, estimate: CostEstimate): void {
    const definition = parent.getFields()[field.name];
    if (!definition) return;
    const source = sourceOf(definition.extensions);
    if (source.unavailable !== undefined) return;
    const path = records.path === '' ? field.alias : `${records.path}.${field.alias}`;
    const site: Site = { field: path, most: records.most, usual: records.usual, root: records.path === '' };
    const { registry } = this.#knowledge;
    const planning = { ...this.#knowledge, selection: field, schema: this.#schema };
    const costs = costOfField(source, field.args, planning);
    if (!costs) return;
    const types = recordTypesOf(definition.type, this.#schema);
    if (costs.length > 0) {
      const needs = this.#needsOf(field, types, source);
      const include =
        types.length === 1
          ? includesRead(source, registry.recordType(types[0]?.name ?? ''), needs)
          : includesToAsk(needs);
      for (const cost of costs) estimate.add(cost, site, cost.list === undefined ? include : []);
    }
    this.#relation(source, parent, site, records.origin, estimate);
    const children = this.#possible(getNamedType(definition.type));
    if (children.length === 0) return;
    // The number of rows of a connection is declared by the field that returns it.
    const unsaid = isList(definition.type) && !isPart(parent.name) ? Number.POSITIVE_INFINITY : 1;
    const asked = source.rows?.(field.args, planning) ?? unsaid;
    if (asked === 0) return;
    const expected = source.expects?.(field.args) ?? (source.reads ? asked : Math.min(1, asked));
    const most = records.most * asked;
    const below: Records = {
      path,
      most,
      call: costs.find(({ call }) => call !== undefined)?.call ?? (isPart(parent.name) ? records.call : undefined),
      usual: records.usual * expected,
      // What is read for each record arrives at its own time.
      batches: costs.every(({ list }) => list !== undefined) || isOnePage(source, site) ? records.batches : most,
      ...this.#coming({ source, args: field.args }, parent, records, isList(definition.type)),
    };
    const sorted = this.#sorted(field, source, { types, below }, estimate);
    const estimates = estimate.fork(children.length);
    for (const [index, child] of children.entries())
      this.#records(field, child, { ...below, ...sorted }, estimates[index] ?? estimate);
  }

  /** Adds what it takes to sort all records of a relation in memory, if their rows lack the column. */
  #sorted(
    field: Selection,
    { sorts }: FieldSource,
    { types, below }: { readonly types: readonly GraphQLObjectType[]; readonly below: Records },
    estimate: CostEstimate,
  ): Partial<Pick<Records, 'origin' | 'batches'>> {
    const [type] = types;
    const source = type && this.#knowledge.registry.source(type.name);
    const columns = sorts?.(field.args) ?? [];
    if (columns.length === 0 || !source) return {};
    const sort: Reading = { name: 'sort', extensions: { freshsales: { columns } satisfies FieldSource } };
    const table = this.#knowledge.registry.table(type.name);
    if (below.origin !== 'along' || unsentColumns(table, sort.extensions, below.brings).length === 0) return {};
    const fields = nodeSelections(field).flatMap((node) => fieldsOf(node, type.name, { schema: this.#schema }));
    const all = { ...below, most: Number.POSITIVE_INFINITY };
    return this.#complete([...readingsOf(fields, type), sort], type, all, source, estimate);
  }

  /** The way in which the records below a field become known. */
  #coming(
    { source, args }: { source: FieldSource; args: Args },
    parent: GraphQLObjectType,
    { origin, brings, documented, unasked, referred }: Records,
    list: boolean,
  ): Pick<Records, 'origin' | 'brings' | 'foundBy' | 'documented' | 'unasked' | 'referred'> {
    const reads = readsOf(source, args);
    if (reads || source.write)
      return {
        origin: reads && reads !== true ? reads : 'read',
        documented: true,
        unasked: false,
        referred: false,
      };
    if (isPart(parent.name) || source.isSameRecord) return { origin, brings, documented, unasked, referred };
    // Extra includes are requested with reads of records, not with side-loads.
    const stranded = source.extra !== undefined && origin === 'along';
    return {
      origin: 'along',
      brings: stranded || source.foundBy ? [] : source.brings,
      foundBy: source.foundBy,
      documented: source.include !== undefined && origin !== 'along',
      unasked:
        origin !== 'along' &&
        source.columns !== undefined &&
        source.include === undefined &&
        source.extra === undefined,
      referred: !list && (source.include !== undefined || source.columns !== undefined),
    };
  }

  /** Adds what a relation to several records may cost if they are not, or not all, side-loaded with their parent. */
  #relation(source: FieldSource, parent: GraphQLObjectType, site: Site, origin: Origin, estimate: CostEstimate): void {
    const recordType = this.#knowledge.registry.recordType(parent.name);
    if (source.include === undefined || source.reads || !recordType?.fetch.length) return;
    const include = typeof source.include === 'string' ? [source.include] : source.include;
    if (source.rows && origin !== 'read')
      estimate.read(recordType, site, { include, when: 'only if fewer rows are side-loaded than ids' });
    const { subResource, doubtful } = relationOf(recordType, include[0] ?? '');
    if (!subResource) return;
    const { call, atMost, furtherPages, ...asked } = subResource.cost(recordType, this.#knowledge);
    const isUnavailable = (name: string) => this.#knowledge.capabilities.isUnavailable(readCall(recordType), name);
    const isExpected = doubtful || include.every(isUnavailable);
    const when = `only if include=${include.join(',')} is not honoured`;
    estimate.add(
      { calls: atMost, call, ...asked, when, ...(isExpected ? { needs: 1 } : { fallback: true }) },
      site,
      [],
    );
    estimate.add({ calls: furtherPages, needs: 0, call, ...asked, when: BEYOND_A_PAGE, fallback: true }, site, []);
  }

  /** The needs of the records of a field that reads them. */
  #needsOf(field: Selection, types: readonly GraphQLObjectType[], source: FieldSource): Needs {
    if (!source.reads && !source.write) return NOTHING;
    const selections = [field, ...nodeSelections(field), ...payloadSelections(field, source)];
    return union(
      types.flatMap((type) =>
        selections.flatMap((selection) =>
          fieldsOf(selection, type.name, { schema: this.#schema }).map(({ name }) =>
            needsOfField(type.getFields()[name]?.extensions ?? {}),
          ),
        ),
      ),
    );
  }

  #possible(type: unknown): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
  }
}

/** A field, and what it reads. */
interface Reading {
  readonly name: string;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const readingsOf = (fields: readonly Selection[], type: GraphQLObjectType): Reading[] =>
  fields.map(({ name }) => ({ name, extensions: type.getFields()[name]?.extensions ?? {} }));

/** The includes that the calls of a field request. */
function includesRead(source: FieldSource, recordType: RecordType | undefined, needs: Needs): string[] {
  return readsPages(source) && recordType?.fetch.length
    ? includesOfPage(recordType, includesToAsk(needs))
    : includesToAsk(needs);
}

/** True if its records are rows of pages that are read at once. */
const isOnePage = (source: FieldSource, { root }: Site): boolean => root && readsPages(source);

/** The fields of a payload that hold the record which was written. */
const payloadSelections = (field: Selection, { write }: FieldSource): Selection[] =>
  write ? Object.values(field.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias)) : [];
