import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { FilterRule } from '../freshsales/reads.ts';
import type { Identified } from '../freshsales/resource.ts';
import { toTime } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import { badInput, requireProduct } from '../records/errors.ts';
import { nodeNeedsOf, type Planning, selectionOf } from '../records/field-needs.ts';
import { isGid, parseGid, shorten } from '../records/gid.ts';
import { type PagedList, type Sort, searchPath, sortQuery } from '../records/pages.ts';
import type { RecordType } from '../records/record-type.ts';
import { pagesCost } from '../records/strategies/list-pages.ts';
import type { ConnectionArgs } from '../records/window.ts';
import { builder } from './builder.ts';
import { type Connection, connectPages } from './connection.ts';
import { isCustomName } from './fields.ts';

const FilterOperator = builder.enumType('FilterOperator', {
  description: 'Comparison operator of a filter rule.',
  values: {
    IS: { value: 'is', description: 'The column equals the value.' },
    IS_NOT: { value: 'is_not', description: 'The column differs from the value.' },
    IS_IN: { value: 'is_in', description: 'The column equals one of the values in a list.' },
    CONTAINS: { value: 'contains', description: 'The text of the column contains the value.' },
    CONTAINS_ANY: {
      value: 'contains_any',
      description: 'The text of the column contains one of the values in a list.',
    },
    IS_AFTER: { value: 'is_after', description: 'The date or time is later than the value.' },
    IS_BEFORE: { value: 'is_before', description: 'The date or time is earlier than the value.' },
  } as const,
});

/** Freshsales takes so many values in one rule (BATCHING 4). */
export const MAX_RULE_VALUES = 100;

/** Freshsales documents no limit. No one has been seen to send as many. */
export const MAX_RULES = 50;

/** Refuses more rules than a search may have. */
export function checkRuleCount<R extends readonly unknown[]>(rules: R): R {
  if (rules.length <= MAX_RULES) return rules;
  throw badInput(`“where” has ${rules.length} conditions. Provide at most ${MAX_RULES}.`);
}

/** A rule of the input. */
export interface GivenRule {
  readonly attribute: string;
  readonly operator: string;
  readonly value?: unknown;
}

export const FilterRuleInput = builder.inputType('FilterRule', {
  description: 'One rule of a filter.',
  fields: (t) => ({
    attribute: t.string({
      required: true,
      description:
        'Column name in Freshsales, such as updated_at, sales_account_id or cf_is_vip. Use email for the e-mail address of a contact.',
    }),
    operator: t.field({ type: FilterOperator, required: true, description: 'Comparison operator.' }),
    value: t.field({
      type: 'JSON',
      required: true,
      description: 'Value to compare with; a list for IS_IN and CONTAINS_ANY. Ids may be global ids.',
    }),
  }),
});

export interface SearchArgs<W> extends ConnectionArgs {
  readonly where: W;
  readonly sort?: Sort | null | undefined;
}

/** The context for checking a filter, in an operation and while it is planned. */
export type FilterKnowledge = Pick<Planning, 'schema' | 'known'> & Pick<Partial<Context>, 'caller'>;

/** The fetch of a filtered search. Its rows are thin unless complete ones are requested (QUIRKS 33). */
export const searchFetch = <R extends Identified, W>(
  recordType: RecordType<R>,
  rulesOf: (where: W, knowledge: FilterKnowledge) => readonly FilterRule[],
  explain: (error: unknown) => unknown = (error) => error,
) => ({
  cost: ({ where, ...args }: SearchArgs<W>, planning: Planning) =>
    pagesCost(searchPages(recordType, { ...args, rules: rulesOf(where, planning) }, planning), args, planning),
  run: async (
    _root: object,
    { where, ...args }: SearchArgs<W>,
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<Connection<R>> => {
    const { schema } = info;
    const { known, caller } = context;
    const rules = rulesOf(where, { schema, known, caller });
    for (const { attribute } of rules)
      requireProduct(context, { table: recordType.name, what: attribute, parts: attribute.split('.') });
    const list = searchPages(recordType, { ...args, rules }, { selection: selectionOf(context, info), schema });
    return connectPages(context, info, list, args).catch((error: unknown) => {
      throw explain(error);
    });
  },
});

function searchPages<R extends Identified>(
  recordType: RecordType<R>,
  { sort, rules }: { readonly sort?: Sort | null | undefined; readonly rules: readonly FilterRule[] },
  { selection, schema }: Pick<Planning, 'selection' | 'schema'>,
): PagedList<R> {
  const { columns } = nodeNeedsOf(selection, recordType.name, { schema });
  const digest = createHash('sha256').update(JSON.stringify(rules)).digest('base64url').slice(0, 16);
  return {
    key: `${searchPath(recordType)} ${digest} ${JSON.stringify(sort ?? null)}`,
    recordType,
    path: searchPath(recordType),
    query: sortQuery(sort),
    sort,
    rules,
    // Cursors contain the value of the column by which rows are sorted, which thin rows may lack.
    detail: columns.size > 0 || Boolean(sort),
  };
}

/** Rules with wire names, as Freshsales takes them. */
export function givenRules(recordType: RecordType, where: readonly GivenRule[]): FilterRule[] {
  if (where.length === 0)
    throw badInput(`“where” is empty. Provide at least one rule, or query ${recordType.many} to list all.`);
  return checkRuleCount(where).map((rule) => toRule(recordType, rule));
}

/** Freshsales finds nothing for other values, and does not refuse them. */
export const isDayOrTime = (value: unknown): boolean =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d(T\d\d:\d\d.*)?$/.test(value) && toTime(value) !== undefined;

/** Adds how to find the columns to Freshsales' refusal of a rule. */
export const explainAttributes = ({ one }: RecordType, error: unknown): unknown =>
  withExplanation(error, `Use the wire name of a column; \`fields(type: ${one.toUpperCase()})\` lists them.`);

/** Adds what to do to Freshsales' refusal of a list. */
export function withExplanation(error: unknown, hint: string): unknown {
  if (!(error instanceof FreshsalesError) || error.code !== 'BAD_USER_INPUT') return error;
  const { status, reasons } = error;
  return new FreshsalesError(error.code, `${error.message.replace(/\.?$/, '.')} ${hint}`, { status, reasons });
}

const TAKES_LIST: ReadonlySet<string> = new Set(['is_in', 'contains_any']);

const ATTRIBUTE = /^[A-Za-z][\w.]*$/;

function toRule(recordType: RecordType, { attribute, operator, value }: GivenRule): FilterRule {
  if (!ATTRIBUTE.test(attribute) && !isCustomName(attribute))
    throw badInput(`“${shorten(attribute)}” is not a column. Use a column name such as updated_at or cf_is_vip.`);
  if (TAKES_LIST.has(operator) && !Array.isArray(value))
    return toRule(recordType, { attribute, operator, value: [value] });
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw badInput(`The rule on ${attribute} needs a value.`);
  if (values.length > MAX_RULE_VALUES) throw badInput(`The rule on ${attribute} takes 1 to ${MAX_RULE_VALUES} values.`);
  for (const each of values) checkValue(attribute, each);
  if ((operator === 'is_after' || operator === 'is_before') && !isDayOrTime(value))
    throw badInput(
      `The rule on ${attribute} needs a date or a time, for example "2026-11-27" or "2026-11-27T09:00:00Z".`,
    );
  return { attribute: wireAttribute(recordType, attribute), operator, value: wireValue(value) };
}

/** Freshsales takes an empty value for “has none”, which is not what a missing variable means. */
function checkValue(attribute: string, value: unknown): void {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === ''))
    throw badInput(`The rule on ${attribute} needs a value.`);
  if (typeof value === 'object')
    throw badInput(
      `The value of the rule on ${attribute} is ${Array.isArray(value) ? 'a list in a list' : 'an object'}. Use a string, a number, a boolean or a list of them.`,
    );
}

/** The wire attribute of a column. E-mail addresses have another one (FACTS 13). Accepts camel case. */
function wireAttribute({ one }: RecordType, attribute: string): string {
  if (attribute === 'email' && (one === 'contact' || one === 'lead')) return `${one}_email.email`;
  // Custom fields may have capitals.
  if (isCustomName(attribute)) return attribute;
  return attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Converts global ids to Freshsales ids, which are numbers on the wire. */
function wireValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireValue);
  return typeof value === 'string' && isGid(value) ? Number(parseGid(value).id) : value;
}
