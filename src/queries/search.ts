import type { GraphQLResolveInfo } from 'graphql';
import type { Row } from '../freshsales/answer.ts';
import { isMissingIn } from '../freshsales/products.ts';
import { fieldSearchCall, MAX_PER_PAGE, typeAheadCall } from '../freshsales/reads.ts';
import type { Identified } from '../freshsales/resource.ts';
import { callTemplate, urlTextProblem } from '../freshsales/transport.ts';
import type { Context } from '../records/context.ts';
import { badInput, requireProduct } from '../records/errors.ts';
import { type FieldSource, fetchedBy, needsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { loaderFor } from '../records/loader.ts';
import { recordStoreOf } from '../records/record-store.ts';
import { includesToAsk } from '../records/record-type.ts';
import { rowsAsked } from '../records/strategies/list-pages.ts';
import { DEFAULT_FIRST } from '../records/window.ts';
import {
  kindOf,
  loadRecord,
  Record,
  type RecordKind,
  RecordTypeEnum,
  recordTypeNamed,
  searchableTypes,
} from '../resources/target.ts';
import { builder } from '../schema/builder.ts';
import { identified } from '../schema/connection.ts';
import { isCustomName } from '../schema/fields.ts';
import { belongTo } from '../schema/partial-answers.ts';

interface Hit {
  readonly kind: RecordKind;
  readonly typeName: string;
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/** The column by which a hit of each type can be found in a filtered search. Deals are found by their account, which hits lack. */
const FOUND_BY: { readonly [K in RecordKind]?: 'email' | 'name' } = {
  contact: 'email',
  lead: 'email',
  sales_account: 'name',
};

const SearchResult = builder.objectRef<Hit>('SearchResult').implement({
  description: 'A search hit: the values Freshsales returns for it, and the record.',
  fields: (t) => ({
    type: t.expose('kind', { type: RecordTypeEnum, semanticNonNull: true, description: 'Record type.' }),
    recordId: t.id({
      nullable: false,
      description: 'Global id of the record. It is not named id, so that caches do not take the hit for the record.',
      resolve: ({ typeName, id }) => toGid(typeName, id),
    }),
    databaseId: t.exposeString('id', { nullable: false, description: 'Freshsales id.' }),
    name: t.exposeString('name', { description: 'Name of the record.' }),
    email: t.exposeString('email', { description: 'E-mail address of a contact or lead.' }),
    record: t.field({
      type: Record,
      extensions: { freshsales: { foundBy: Object.values(FOUND_BY) } satisfies FieldSource },
      description:
        'The record. Contacts, accounts and leads are searched, 100 per call; deals cost one call each, unless they are already loaded.',
      resolve: (hit, _args, context, info) => {
        const { kind, typeName, id, email, name } = hit;
        belongTo(hit, toGid(typeName, id));
        const value = FOUND_BY[kind] === 'name' ? name : FOUND_BY[kind] && email;
        return loadRecord(context, info, { type: kind, id }, value ? [value] : []) as never;
      },
    }),
  }),
});

/** Types to search, without duplicates. Leads exist in Classic only. */
function kindsOf(context: Context, given: readonly RecordKind[] | null | undefined): RecordKind[] {
  for (const { name, one } of searchableTypes)
    if (given?.some((kind) => kind === one)) requireProduct(context, { table: name, what: name });
  const all = searchableTypes.filter(({ name }) => !isMissingIn(context.freshsales.product, name)).map(kindOf);
  return given && given.length > 0 ? [...new Set(given)] : all;
}

function toHit(row: Row): Hit[] {
  const recordType = recordTypeNamed(String(row.type));
  if (!recordType) return [];
  const text = (cell: unknown) => (typeof cell === 'string' ? cell : null);
  return [
    { kind: kindOf(recordType), typeName: recordType.name, id: row.id, name: text(row.name), email: text(row.email) },
  ];
}

interface SearchArgs {
  readonly query: string;
  readonly types?: readonly RecordKind[] | null | undefined;
  readonly first?: number | null | undefined;
}

/** The number of rows that are requested. */
function checkedCount({ query, first }: SearchArgs): number {
  const count = first ?? DEFAULT_FIRST;
  if (query.trim() === '') throw badInput('“query” is empty. Provide at least one letter.');
  if (count < 0 || count > MAX_PER_PAGE) throw badInput(`“first” is ${count}. It must be from 0 to ${MAX_PER_PAGE}.`);
  const problem = urlTextProblem(query);
  if (problem) throw badInput(`“query” ${problem}`);
  return count;
}

const searchFetch = {
  cost: (args: SearchArgs) => (checkedCount(args) === 0 ? [] : [{ calls: 1, call: callTemplate(typeAheadCall()) }]),
  run: async (_root: object, args: SearchArgs, context: Context, info: GraphQLResolveInfo) => {
    const { query, types } = args;
    const count = checkedCount(args);
    const kinds = kindsOf(context, types);
    if (count === 0) return [];
    const rows = await context.freshsales.search(query, kinds, count);
    const found = rows.flatMap(toHit).filter(({ kind }) => kinds.includes(kind));
    const hits = identified(context, info, found, ({ kind, id }) => `${kind}/${id}`).slice(0, count);
    for (const type of new Set(hits.map(({ typeName }) => typeName))) {
      const ids = hits.filter(({ typeName }) => typeName === type).map(({ id }) => id);
      context.auditTrail.found.push({ type, ids, by: 'search' });
    }
    return hits;
  },
};

builder.queryField('search', (t) =>
  t.field({
    type: [SearchResult],
    semanticNonNull: true,
    description:
      'Finds records by any part of their names and addresses, for search as you type. Costs one call. A new record can take 20 seconds to appear.',
    args: {
      query: t.arg.string({ required: true, description: 'Search text. At most 255 characters.' }),
      types: t.arg({ type: [RecordTypeEnum], description: 'Record types to search. Defaults to all.' }),
      first: t.arg.int({
        description: `Number of rows to return, at most ${MAX_PER_PAGE}. Defaults to ${DEFAULT_FIRST}.`,
      }),
    },
    ...fetchedBy(searchFetch, { rows: rowsAsked, reads: 'page' }),
  }),
);

const LookupField = builder.enumType('LookupField', {
  description: 'Field to search by.',
  values: {
    EMAIL: { value: 'email', description: 'E-mail address.' },
    MOBILE_NUMBER: { value: 'mobile_number', description: 'Mobile number.' },
    PHONE: { value: 'phone', description: 'Phone number.' },
    NAME: { value: 'name', description: 'Full name, or nearly so.' },
    COMPANY_NAME: { value: 'company_name', description: 'Company name.' },
    EXTERNAL_ID: { value: 'external_id', description: 'Id of the record in an external system.' },
    CUSTOM: { value: 'custom', description: 'A custom field, named by the “name” argument.' },
  } as const,
});

interface LookupArgs {
  readonly field: string;
  readonly value: string;
  readonly types: readonly RecordKind[];
  readonly name?: string | null | undefined;
}

const fieldOf = ({ field, name }: LookupArgs): string => {
  if (field !== 'custom') return field;
  if (!name || !isCustomName(name))
    throw badInput('With field CUSTOM, “name” must be the name of a custom field, such as cf_account_id.');
  return name;
};

/** The column to search by. */
function checkedField(args: LookupArgs): string {
  const field = fieldOf(args);
  if (args.value.trim() === '') throw badInput('“value” is empty. Provide a value to search for.');
  const problem = urlTextProblem(args.value);
  if (problem) throw badInput(`“value” ${problem}`);
  if (args.types.length === 0) throw badInput('“types” is empty. Provide at least one record type.');
  return field;
}

/** One call for all types, with the includes that the selection needs. Rows are complete records. */
async function lookUp(context: Context, info: GraphQLResolveInfo, args: LookupArgs): Promise<Identified[]> {
  const f = checkedField(args);
  const kinds = kindsOf(context, args.types);
  const selection = selectionOf(context, info);
  const wanted = searchableTypes
    .filter(({ one }) => kinds.some((kind) => kind === one))
    .map((recordType) => ({ recordType, needs: needsOf(selection, recordType.name, info) }));
  const include = [...new Set(wanted.flatMap(({ needs }) => includesToAsk(needs)))];
  const query = {
    q: args.value,
    f,
    entities: kinds.join(','),
    ...(include.length > 0 && { include: include.join(',') }),
    per_page: MAX_PER_PAGE,
  };
  const answers = await context.freshsales.searchByField(
    query,
    wanted.map(({ recordType }) => recordType.many),
  );
  const found = wanted.map(async ({ recordType, needs }, index) => {
    const { rows = [], sideloads = {} } = answers[index] ?? {};
    recordStoreOf(context).take(recordType, { rows, sideloads });
    const loaded = await loaderFor(context, recordType).loadMany(
      identified(context, info, rows).map(({ id }) => id),
      needs,
    );
    const records = loaded.filter((record) => record !== null);
    context.auditTrail.found.push({ type: recordType.name, ids: records.map(({ id }) => id), by: 'lookup' });
    return records;
  });
  return (await Promise.all(found)).flat();
}

builder.queryField('lookup', (t) =>
  t.field({
    type: [Record],
    semanticNonNull: true,
    ...fetchedBy(
      {
        cost: (args: LookupArgs) => {
          checkedField(args);
          return [{ calls: 1, call: callTemplate(fieldSearchCall()) }];
        },
        run: async (_root: object, args: LookupArgs, context: Context, info: GraphQLResolveInfo) =>
          (await lookUp(context, info, args)) as never[],
      },
      {
        rows: ({ types }) => MAX_PER_PAGE * (Array.isArray(types) ? new Set(types).size : 1),
        expects: () => 1,
        reads: 'page',
        names: true,
      },
    ),
    description:
      'Finds records by the exact value of one field. Costs one call for all types together. A new record can take 20 seconds to appear.',
    args: {
      field: t.arg({ type: LookupField, required: true, description: 'Field to search by.' }),
      value: t.arg.string({ required: true, description: 'Value to match exactly. At most 255 characters.' }),
      types: t.arg({ type: [RecordTypeEnum], required: true, description: 'Record types to search.' }),
      name: t.arg.string({ description: 'Name of the custom field in Freshsales. Required if field is CUSTOM.' }),
    },
  }),
);
