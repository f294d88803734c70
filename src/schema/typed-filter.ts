import type { InputObjectRef } from '@pothos/core';
import type { GraphQLSchema } from 'graphql';
import { isTooLarge } from '../freshsales/json.ts';
import type { FilterRule } from '../freshsales/reads.ts';
import { toWireId } from '../freshsales/writes.ts';
import { badInput } from '../records/errors.ts';
import { databaseId } from '../records/gid.ts';
import type { RecordType } from '../records/record-type.ts';
import { builder, type Types } from './builder.ts';
import type { CustomField } from './custom-fields/custom-field.ts';
import { filterableFieldsOf } from './custom-fields/typed-schema.ts';
import { isCustomName, ungroupedFields, unknownField } from './fields.ts';
import { checkRuleCount, type FilterKnowledge, isDayOrTime, MAX_RULE_VALUES, MAX_RULES } from './filtered-search.ts';

type Values = Readonly<Record<string, unknown>>;

/** The operators of Freshsales by their names in the graph. */
const OPERATORS = {
  is: 'is',
  isIn: 'is_in',
  contains: 'contains',
  isBefore: 'is_before',
  isAfter: 'is_after',
} as const;

type Operator = keyof typeof OPERATORS;

const DESCRIPTIONS: Readonly<Record<Operator, string>> = {
  is: 'Equals this value.',
  isIn: 'Equals one of these values, at most 100.',
  contains: 'Contains this text.',
  isBefore: 'Is earlier than this, exclusive.',
  isAfter: 'Is later than this, exclusive.',
};

type FilterScalar = 'String' | 'ID' | 'Float' | 'Decimal' | 'Boolean' | 'Date' | 'DateTime' | 'JSON';

/** An input with these operators. Its fields come from a list, which Pothos' types cannot express. */
function operatorInput(name: string, scalar: FilterScalar, operators: readonly Operator[], what: string) {
  return builder.inputRef<Values>(name).implement({
    description: `Condition on ${what}. If several operators are given, all must hold.`,
    fields: (t) =>
      Object.fromEntries(
        operators.map((operator) => [
          operator,
          t.field({ type: operator === 'isIn' ? [scalar] : scalar, description: DESCRIPTIONS[operator] }),
        ]),
      ) as never,
  });
}

const StringFilter = operatorInput(
  'StringFilter',
  'String',
  ['is', 'isIn', 'contains'],
  'a text, without regard to case',
);
const IdFilter = operatorInput('IdFilter', 'ID', ['is', 'isIn'], 'a relation, by Freshsales or global ids');
const DecimalFilter = operatorInput(
  'DecimalFilter',
  'Decimal',
  ['is', 'isIn'],
  'an amount. Freshsales has no ranges of numbers',
);
const DateFilter = operatorInput('DateFilter', 'Date', ['is', 'isBefore', 'isAfter'], 'a day');
const DateTimeFilter = operatorInput('DateTimeFilter', 'DateTime', ['isBefore', 'isAfter'], 'a time');
operatorInput('NumberFilter', 'Float', ['is', 'isIn'], 'a number. Freshsales has no ranges of numbers');
operatorInput('BooleanFilter', 'Boolean', ['is'], 'a checkbox');

const CustomFieldFilter = builder.inputType('CustomFieldFilter', {
  description: 'Condition on a custom field. If several operators are given, all must hold.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Name of the custom field in Freshsales, such as cf_renewal_date.' }),
    is: t.field({ type: 'JSON', description: DESCRIPTIONS.is }),
    isIn: t.field({ type: ['JSON'], description: DESCRIPTIONS.isIn }),
    contains: t.string({ description: DESCRIPTIONS.contains }),
    isBefore: t.string({ description: `${DESCRIPTIONS.isBefore} A day or a time.` }),
    isAfter: t.string({ description: `${DESCRIPTIONS.isAfter} A day or a time.` }),
  }),
});

/** A field of a filter, and the attribute that Freshsales searches by. */
interface FilterField {
  readonly type: InputObjectRef<Types, Values>;
  readonly attribute: string;
  readonly description: string;
  /** The type of the ids. */
  readonly of?: string;
}

const field =
  (type: FilterField['type']) =>
  (attribute: string, description: string): FilterField => ({ type, attribute, description });

export const textField = field(StringFilter);
export const amountField = field(DecimalFilter);
export const dayField = field(DateFilter);
const timeField = field(DateTimeFilter);
export const idField = (of: string, attribute: string, description: string): FilterField => ({
  type: IdFilter,
  attribute,
  description,
  of,
});

/** Creation and update, which every record type has. */
export const timeFields = {
  createdAt: timeField('created_at', 'Time of creation.'),
  updatedAt: timeField('updated_at', 'Time of the last update.'),
};

/** A typed filter of a record type. */
export interface RecordFilter {
  readonly input: InputObjectRef<Types, Values>;
  /** @throws BAD_USER_INPUT with the path and what would be right. */
  toRules(where: Values, schema: GraphQLSchema): FilterRule[];
}

/** Declares `<Type>Filter`, over the fields that Freshsales can search by. */
export function recordFilter(name: string, fields: Readonly<Record<string, FilterField>>): RecordFilter {
  const input = builder.inputRef<Values>(name).implement({
    description: `Conditions that must all hold, at most ${MAX_RULES}. Freshsales has no “or” and no “not”.`,
    fields: (t) =>
      ({
        ...Object.fromEntries(
          Object.entries(fields).map(([key, { type, description, attribute, of }]) => [
            key,
            t.field({ type, description, extensions: { freshsales: { attribute, ...(of && { refersTo: of }) } } }),
          ]),
        ),
        customFields: t.field({ type: [CustomFieldFilter], description: 'Conditions on custom fields.' }),
      }) as never,
  });
  const toRules = (where: Values, schema: GraphQLSchema): FilterRule[] => {
    const rules = Object.entries(where).flatMap(([key, given]) => {
      if (key === 'customFields') return customRules(given);
      if (key === 'custom') return typedRules(given, filterableFieldsOf(schema, name));
      const known = fields[key];
      return known ? rulesOf(`where.${key}`, known, given) : [];
    });
    if (rules.length === 0) throw badInput('“where” is empty. Provide at least one condition, or leave it out.');
    return checkRuleCount(rules);
  };
  return { input, toRules };
}

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

/** The rules of one field, one for each operator. */
function rulesOf(path: string, { attribute, of }: Pick<FilterField, 'attribute' | 'of'>, given: unknown): FilterRule[] {
  if (!isValues(given))
    throw badInput(
      `“${path}” is null. Freshsales cannot search for missing values. Provide an operator, or leave it out.`,
    );
  const operators = Object.keys(given).filter((key): key is Operator => key in OPERATORS);
  if (operators.length === 0) throw badInput(`“${path}” has no operator. Provide one such as is, or leave it out.`);
  return operators.map((operator) => {
    const at = `${path}.${operator}`;
    const value =
      operator === 'isIn'
        ? listAt(at, given[operator]).map((each, index) => wireValue(`${at}[${index}]`, each, of))
        : wireValue(at, given[operator], of);
    return { attribute, operator: OPERATORS[operator], value };
  });
}

function listAt(path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= MAX_RULE_VALUES) return value;
  throw badInput(`“${path}” takes 1 to ${MAX_RULE_VALUES} values.`);
}

function wireValue(path: string, value: unknown, of: string | undefined): unknown {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === ''))
    throw badInput(
      `“${path}” is empty. Freshsales cannot search for missing values. Provide a value, or leave it out.`,
    );
  if (value instanceof Date) return value.toISOString();
  if (isValues(value))
    throw badInput(
      `“${path}” is ${Array.isArray(value) ? 'a list' : 'an object'}. Provide a string, a number or a boolean.`,
    );
  // JSON has no such number, and would send null: a search for missing values.
  if (isTooLarge(value)) throw badInput(`“${path}” is too large a number.`);
  return of === undefined ? value : toWireId(databaseId(of, String(value)));
}

function customRules(given: unknown): FilterRule[] {
  if (!Array.isArray(given) || given.length === 0)
    throw badInput('“where.customFields” is empty. Provide at least one condition, or leave it out.');
  return given.flatMap((condition, index) => {
    const path = `where.customFields[${index}]`;
    const { name, ...operators } = isValues(condition) ? condition : {};
    if (typeof name !== 'string' || !isCustomName(name))
      throw badInput(`“${path}.name” is not the name of a custom field. Use one such as cf_renewal_date.`);
    return rulesOf(path, { attribute: name }, operators).map((rule) => checkedDay(path, rule));
  });
}

/** The rules of typed custom fields. */
function typedRules(given: unknown, fields: readonly CustomField[]): FilterRule[] {
  const conditions = isValues(given) ? given : {};
  const rules = fields.flatMap(({ name, wireName, target }) =>
    Object.hasOwn(conditions, name)
      ? rulesOf(
          `where.custom.${name}`,
          { attribute: wireName, ...(target !== undefined && { of: target }) },
          conditions[name],
        )
      : [],
  );
  if (rules.length === 0) throw badInput('“where.custom” is empty. Provide at least one condition, or leave it out.');
  return rules;
}

/** Refuses custom fields that the account does not have, if its list of fields is cached. Freshsales only says “invalid filter”. */
export function refuseUnknownFields(
  knowledge: Omit<FilterKnowledge, 'schema'>,
  { path }: RecordType,
  rules: readonly FilterRule[],
): void {
  const names = ungroupedFields(knowledge.known.list(`settings/${path}/fields`) ?? []).map(({ name }) => String(name));
  if (names.length === 0) return;
  for (const { attribute } of rules)
    if (attribute.startsWith('cf_') && !names.includes(attribute))
      throw badInput(unknownField(attribute, names, knowledge));
}

function checkedDay(path: string, rule: FilterRule): FilterRule {
  const isOrdered = rule.operator === 'is_before' || rule.operator === 'is_after';
  if (!isOrdered || isDayOrTime(rule.value)) return rule;
  throw badInput(`“${path}” needs a day or a time, for example "2026-11-27" or "2026-11-27T09:00:00Z".`);
}
