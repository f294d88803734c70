import { createHash } from 'node:crypto';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import type { FilterRule } from '../freshsales/client.ts';
import type { Identified, Resource } from '../freshsales/resource.ts';
import { badInput } from './bad-input.ts';
import { builder } from './builder.ts';
import { type Connection, connectPages } from './connection.ts';
import { searchPath } from './filtered-search.ts';
import { isGid, parseGid, shorten } from './gid.ts';
import { loaderFor, type RecordLoader } from './loader.ts';
import { type FieldSource, nodeNeedsOf, selectionOf } from './lookahead.ts';
import { pagesPrice } from './price.ts';
import { type Sort, sortQuery } from './sort.ts';
import type { ConnectionArgs } from './window.ts';

const FilterOperator = builder.enumType('FilterOperator', {
  description: 'Comparison operator of a filter rule.',
  values: {
    IS: { value: 'is', description: 'The column equals the value.' },
    IS_IN: { value: 'is_in', description: 'The column equals one of the values in a list.' },
    CONTAINS: { value: 'contains', description: 'The text of the column contains the value.' },
    IS_AFTER: { value: 'is_after', description: 'The date or time is later than the value.' },
    IS_BEFORE: { value: 'is_before', description: 'The date or time is earlier than the value.' },
  } as const,
});

/** One rule, as given. */
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
      description: 'Value to compare with; a list for IS_IN. Ids may be global ids.',
    }),
  }),
});

interface FilterArgs extends ConnectionArgs {
  readonly where: readonly GivenRule[];
  readonly sort?: Sort | null | undefined;
}

/** A connection over a filtered search. Its rows are thin unless whole ones are asked for (QUIRKS 33). */
export async function connectFiltered<R extends Identified>(
  context: Context,
  info: GraphQLResolveInfo,
  resource: Resource<R>,
  args: FilterArgs,
): Promise<Connection<R>> {
  if (args.where.length === 0)
    throw badInput(`“where” is empty. Give at least one rule, or ask ${resource.many} for all.`);
  const rules = args.where.map((rule) => toRule(resource, rule));
  const { columns } = nodeNeedsOf(selectionOf(context, info), resource.name, info);
  const digest = createHash('sha256').update(JSON.stringify(rules)).digest('base64url').slice(0, 16);
  return connectPages(context, info, {
    list: {
      key: `${searchPath(resource)} ${digest} ${JSON.stringify(args.sort ?? null)}`,
      resource,
      path: searchPath(resource),
      query: sortQuery(args.sort),
      rules,
      detail: columns.size > 0,
    },
    args,
    loader: loaderFor(resource) as RecordLoader<Identified> as RecordLoader<R>,
  });
}

/** The price of a filtered search. Rules that will be refused make no call. */
export const filteredPrice = (resource: Resource): { freshsales: FieldSource } =>
  pagesPrice(searchPath(resource), {
    reads: 'thin',
    query: ({ sort }) => sortQuery(sort as Sort | null),
    body: ({ where }, { selection, schema }) => ({
      filter_rule: plannedRules(resource, where),
      ...(nodeNeedsOf(selection, resource.name, { schema }).columns.size > 0 && { detail: true }),
    }),
  });

/** The rules as they will be sent; as they were given where they will be refused. */
function plannedRules(resource: Resource, where: unknown): unknown {
  try {
    return (where as readonly GivenRule[]).map((rule) => toRule(resource, rule));
  } catch {
    return where;
  }
}

const ATTRIBUTE = /^[A-Za-z][\w.]*$/;

function toRule(resource: Resource, { attribute, operator, value }: GivenRule): FilterRule {
  if (!ATTRIBUTE.test(attribute))
    throw badInput(`“${shorten(attribute)}” is no column. Use a wire name such as updated_at or cf_is_vip.`);
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0))
    throw badInput(`The rule on ${attribute} has no value to compare with.`);
  if (operator === 'is_in' && !Array.isArray(value)) return toRule(resource, { attribute, operator, value: [value] });
  if (typeof value === 'object' && !Array.isArray(value))
    throw badInput(
      `The value of the rule on ${attribute} is an object. Use a string, a number, a boolean or a list of them.`,
    );
  return { attribute: wireAttribute(resource, attribute), operator, value: wireValue(value) };
}

/** E-mail addresses are filtered under the attribute that real clients use (FACTS 13); camel case is forgiven. */
function wireAttribute({ one }: Resource, attribute: string): string {
  if (attribute === 'email' && (one === 'contact' || one === 'lead')) return `${one}_email.email`;
  return attribute.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Global ids become Freshsales' own, which are numbers on the wire. */
function wireValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(wireValue);
  return typeof value === 'string' && isGid(value) ? Number(parseGid(value).id) : value;
}
