import type { GraphQLResolveInfo } from 'graphql';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
import type { Identified } from '../freshsales/resource.ts';
import { urlTextProblem } from '../freshsales/transport.ts';
import type { Context } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { costIfAccepted, fetchedBy, needsOf, selectionOf } from '../records/field-needs.ts';
import { loaderFor } from '../records/loader.ts';
import { includesToAsk } from '../records/needs.ts';
import { recordStoreOf } from '../records/record-store.ts';
import { Record, type RecordKind, RecordTypeEnum, searchableTypes } from '../resources/target.ts';
import { builder } from '../schema/builder.ts';
import { kindsOf } from './search.ts';

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
  if (!name || !/^cf_\w{1,250}$/.test(name))
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
  const answers = await context.freshsales.lookUp(
    query,
    wanted.map(({ recordType }) => recordType.many),
  );
  const found = wanted.map(async ({ recordType, needs }, index) => {
    const { rows = [], sideloads = {} } = answers[index] ?? {};
    recordStoreOf(context).take(recordType, { rows, sideloads });
    const loaded = await loaderFor(context, recordType).loadMany(
      rows.map(({ id }) => id),
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
        cost: (args: LookupArgs) =>
          costIfAccepted(
            () => checkedField(args),
            () => [{ calls: 1, call: 'GET /lookup' }],
          ),
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
