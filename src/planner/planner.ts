import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isAbstractType, isObjectType } from 'graphql';
import type { Known } from '../cache/known.ts';
import { type KnownCapabilities, readCall } from '../records/capabilities.ts';
import {
  type FieldSource,
  fieldsOf,
  needsOfField,
  nodeSelections,
  type Selection,
  sourceOf,
} from '../records/field-needs.ts';
import { includesOfPage } from '../records/loader.ts';
import { includesToAsk, type Needs, NOTHING, union } from '../records/needs.ts';
import { searchCall } from '../records/pages.ts';
import { isInVain } from '../records/read-records.ts';
import { type RecordType, type Registry, relationOf, type Source, searchOf } from '../records/record-type.ts';
import { joinedCall } from '../records/strategies/join-by-target.ts';
import { subResourceCharges } from '../records/strategies/sub-resource.ts';
import { finderOf } from '../records/type-lists.ts';
import { CostEstimate, type Place, type SearchCalls } from './cost-estimate.ts';
import { lacks } from './lacks.ts';
import { isList, isPart, recordTypesOf } from './record-types.ts';

/** How a record came to be known: read in its own right, as a row of a page or of a thin one, or along with another. */
type Origin = 'read' | 'page' | 'thin' | 'along';

/** Some records of one type, and how they came. */
interface Records {
  /** Where they stand in the answer; empty for the operation itself. */
  readonly path: string;
  readonly most: number;
  readonly usual: number;
  readonly origin: Origin;
  /** The call that they came as rows of, as a template. */
  readonly call?: string | undefined;
  /** How many times some of them may come to be known, apart from the others. */
  readonly waves: number;
  /** All columns that they have, where that is fewer than rows of their type have elsewhere. */
  readonly brings?: readonly string[] | undefined;
  /** Whether their row is as good as sure to be there, and whether they are wanted for more than their id. */
  readonly documented: boolean;
  readonly referred: boolean;
}

/** What is known of the account, and of the record types that it has. */
export interface Knowledge {
  readonly registry: Registry;
  readonly known: Known;
  readonly seen: KnownCapabilities;
}

/** Walks over what is selected, and puts what it causes on the bill. */
export class Planner {
  readonly #schema: GraphQLSchema;
  readonly #registry: Registry;
  readonly #known: Known;
  readonly #seen: KnownCapabilities;

  constructor(schema: GraphQLSchema, { registry, known, seen }: Knowledge) {
    this.#schema = schema;
    this.#registry = registry;
    this.#known = known;
    this.#seen = seen;
  }

  operation(selection: Selection, root: GraphQLObjectType): CostEstimate {
    const bill = new CostEstimate({ registry: this.#registry, known: this.#known, seen: this.#seen });
    const records: Records = { path: '', most: 1, usual: 1, waves: 1, ...READ };
    for (const field of fieldsOf(selection, root.name, { schema: this.#schema }))
      this.#field(field, root, records, bill);
    return bill;
  }

  /** Everything selected of some records of one type. */
  #records(selection: Selection, type: GraphQLObjectType, records: Records, bill: CostEstimate): void {
    const fields = fieldsOf(selection, type.name, { schema: this.#schema });
    const reading = isPart(type.name) ? undefined : this.#registry.source(type.name);
    const known = reading ? this.#complete(fields, type, records, reading, bill) : {};
    for (const field of fields) this.#field(field, type, { ...records, ...known }, bill);
  }

  /** What it takes to have all that is selected of the records. Gives how they are known after that. */
  #complete(
    fields: readonly Selection[],
    type: GraphQLObjectType,
    records: Records,
    reading: Source,
    bill: CostEstimate,
  ): Partial<Pick<Records, 'origin' | 'waves'>> {
    const declared = type.getFields();
    const extensions = (name: string) => declared[name]?.extensions ?? {};
    const needs = union(fields.map(({ name }) => needsOfField(extensions(name))));
    const missing = fields.filter(
      ({ name }) =>
        records.origin === 'along' && lacks(this.#registry.table(type.name), extensions(name), records.brings),
    );
    if ('list' in reading) {
      if (missing.length > 0 || !records.documented) {
        if (!records.referred || wants(needs)) bill.list(reading.list, placeOf(records), { when: LIST_WHEN });
      } else if (records.origin === 'along')
        bill.list(reading.list, placeOf(records), { when: 'only for rows that do not come along', fallback: true });
      return {};
    }
    const include = includesToAsk(needs);
    const place = placeOf(records);
    const { recordType } = reading;
    const call = readCall(recordType);
    const calls = searchCalls(recordType, records, needs);
    if (missing.length > 0) {
      const names = [...new Set(missing.map(({ name }) => name))];
      const when = `only for records whose row lacks ${names.join(', ')}`;
      const options = { include, when, lacks: names };
      bill.instead(call, () => listsInstead(this.#registry, recordType, needs), place);
      if (calls) {
        bill.search(calls, place, records.waves, options);
        return { origin: 'read' };
      }
      bill.read(call, place, options);
      return { origin: 'read', waves: records.most };
    }
    const missed = this.#missed(recordType, records, needs);
    const when = missed ?? whenIncomplete(records.origin, needs);
    if (when === undefined) return {};
    bill.instead(call, () => listsInstead(this.#registry, recordType, needs), place);
    const options = { include, when, fallback: missed === undefined };
    if (calls && !this.#isSearchInVain(calls, needs)) bill.search(calls, place, records.waves, options);
    else bill.read(call, place, options);
    return {};
  }

  /** Why the records will not have all that is wanted of them, where their list is known not to bring it. */
  #missed(recordType: RecordType, { call, origin }: Records, { includes }: Needs): string | undefined {
    if (call === undefined || (origin !== 'page' && origin !== 'thin')) return undefined;
    const missed = [...includes].filter(
      (name) => this.#seen.lacks(call, name) && !isInVain(recordType, name, this.#seen),
    );
    return missed.length > 0 ? `as include=${missed.join(',')} has not come with such a list lately` : undefined;
  }

  #isSearchInVain({ search }: SearchCalls, { includes }: Needs): boolean {
    return this.#seen.lacks(search) || [...includes].some((name) => this.#seen.lacks(search, name));
  }

  #field(field: Selection, parent: GraphQLObjectType, records: Records, bill: CostEstimate): void {
    const definition = parent.getFields()[field.name];
    if (!definition) return;
    const source = sourceOf(definition.extensions);
    const path = records.path === '' ? field.alias : `${records.path}.${field.alias}`;
    const place: Place = { field: path, most: records.most, usual: records.usual, root: records.path === '' };
    const pricing = { selection: field, known: this.#known, registry: this.#registry, schema: this.#schema };
    const charges = source.price?.(field.args, pricing) ?? [];
    const types = recordTypesOf(definition.type, this.#schema);
    if (charges.length > 0) {
      const needs = this.#needsOf(field, types, source);
      const include =
        types.length === 1
          ? includesRead(source, this.#registry.recordType(types[0]?.name ?? ''), needs)
          : includesToAsk(needs);
      for (const charge of charges) bill.charge(charge, place, charge.once === undefined ? include : []);
    }
    this.#relation(source, parent, place, records.origin, bill);
    const children = this.#possible(getNamedType(definition.type));
    if (children.length === 0) return;
    // How many rows a connection has was told by the field that gave it.
    const unsaid = isList(definition.type) && !isPart(parent.name) ? Number.POSITIVE_INFINITY : 1;
    const asked = source.rows?.(field.args, pricing) ?? unsaid;
    if (asked === 0) return;
    const expected = source.expects?.(field.args) ?? (source.reads ? asked : Math.min(1, asked));
    const most = records.most * asked;
    const below: Records = {
      path,
      most,
      call: charges.find(({ call }) => call !== undefined)?.call ?? (isPart(parent.name) ? records.call : undefined),
      usual: records.usual * expected,
      // What is read for each record comes when it comes.
      waves: charges.every(({ once }) => once !== undefined) || isOnePage(source, place) ? records.waves : most,
      ...this.#coming(source, parent, records, isList(definition.type)),
    };
    const bills = bill.fork(children.length);
    for (const [index, child] of children.entries()) this.#records(field, child, below, bills[index] ?? bill);
  }

  /** How the records below a field come to be known. */
  #coming(
    source: FieldSource,
    parent: GraphQLObjectType,
    { origin, brings, documented, referred }: Records,
    list: boolean,
  ): Pick<Records, 'origin' | 'brings' | 'documented' | 'referred'> {
    if (source.reads || source.write)
      return {
        origin: source.reads && source.reads !== true ? source.reads : 'read',
        documented: true,
        referred: false,
      };
    if (isPart(parent.name)) return { origin, brings, documented, referred };
    // What an extra include brings comes with records that were read themselves, and not with those that came along.
    const stranded = source.extra !== undefined && origin === 'along';
    return {
      origin: 'along',
      brings: stranded ? [] : source.brings,
      documented: source.include !== undefined && origin !== 'along',
      referred: !list && (source.include !== undefined || source.columns !== undefined),
    };
  }

  /** What a relation to several records may cost, where they do not come with their parent or not all of them do. */
  #relation(source: FieldSource, parent: GraphQLObjectType, place: Place, origin: Origin, bill: CostEstimate): void {
    const recordType = this.#registry.recordType(parent.name);
    if (source.include === undefined || source.reads || !recordType?.fetch.length) return;
    const call = readCall(recordType);
    const include = typeof source.include === 'string' ? [source.include] : source.include;
    if (source.rows && origin !== 'read')
      bill.read(call, place, { include, when: 'only where fewer rows come along than ids', fallback: true });
    const { subResource, doubtful } = relationOf(recordType, include[0] ?? '');
    for (const charge of subResource ? subResourceCharges(this.#registry, recordType, subResource) : []) {
      const when = `only where include=${include.join(',')} is not honoured`;
      const isExpected = doubtful || include.every((name) => this.#seen.lacks(call, name));
      bill.charge(
        isExpected ? { needs: 1, when, ...charge } : { ...charge, when: charge.when ?? when, fallback: true },
        place,
        [],
      );
    }
  }

  /** What the records of a field that reads them are wanted for. */
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

const READ = { origin: 'read', documented: true, referred: false } as const;

/** What the calls of a field ask to come along. */
function includesRead({ reads }: FieldSource, recordType: RecordType | undefined, needs: Needs): string[] {
  const isPage = reads === 'page' || reads === 'thin';
  return isPage && recordType?.fetch.length ? includesOfPage(recordType, includesToAsk(needs)) : includesToAsk(needs);
}

/** Whether it is the rows of pages that are read at once. */
const isOnePage = ({ reads }: FieldSource, { root }: Place): boolean => root && (reads === 'page' || reads === 'thin');

/** How to search for records, where there are several, their rows have what it takes, and a search brings what is wanted. */
function searchCalls(recordType: RecordType, { brings, most }: Records, { includes }: Needs): SearchCalls | undefined {
  const search = searchOf(recordType);
  const has = brings ?? recordType.mini;
  if (!search || most < 2 || (has && !has.includes(search.column))) return undefined;
  if (search.without?.some((name) => includes.has(name))) return undefined;
  return { search: searchCall(recordType), read: readCall(recordType), shared: search.shared };
}

/** The lists in which the records, or the relations that they lack, may be found as well, as templates. */
function listsInstead(registry: Registry, recordType: RecordType, { includes }: Needs) {
  const joins = [...includes].flatMap((name) => {
    const { join } = relationOf(recordType, name);
    return (join && joinedCall(registry, join)) ?? [];
  });
  const own = finderOf(recordType)?.call;
  return { own: own === undefined ? [] : [own], joins };
}

const LIST_WHEN = 'only for rows that do not come along, or come without what is selected';

const placeOf = ({ path, most, usual }: Records): Place => ({ field: path, most, usual, root: false });

const wants = ({ columns, includes }: Needs): boolean => columns.size > 0 || includes.size > 0;

/** The fields of a payload that hold the record which was written. */
const payloadSelections = (field: Selection, { write }: FieldSource): Selection[] =>
  write ? Object.values(field.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias)) : [];

/** When a record has to be read by itself although everything that is selected of it should be there. */
function whenIncomplete(origin: Origin, needs: Needs): string | undefined {
  if (origin === 'along') return 'only for records that do not come along';
  if (origin === 'page' && needs.includes.size > 0)
    return `only where include=${[...needs.includes].join(',')} is not honoured`;
  if (origin === 'thin' && wants(needs)) return 'only where rows come without what is selected';
  return undefined;
}
