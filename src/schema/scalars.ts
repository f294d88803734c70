import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLLocalDate } from 'graphql-scalars';
import { exactNumber } from '../freshsales/json.ts';
import { toDay, toDecimal, toTime } from '../freshsales/values.ts';

/** A point in time: any offset in, UTC out. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  description:
    'Date and time in ISO 8601 (RFC 3339), such as 2026-05-10T18:48:27.000Z. Input may have any offset; output is UTC.',
  serialize: (value) => toTime(value) ?? unreadable('DateTime'),
  parseValue: (value) => momentOf(value),
  parseLiteral: (node) => momentOf(textOf(node), node),
});

/** A day of the calendar. */
export const LocalDate = new GraphQLScalarType<string, string>({
  ...GraphQLLocalDate.toConfig(),
  name: 'Date',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  description: 'Calendar date without time or time zone, such as 2026-05-10.',
  serialize: (value) => toDay(value) ?? unreadable('Date'),
  parseValue: (value) => calendarDayOf(value),
  parseLiteral: (node) => calendarDayOf(textOf(node), node),
});

/** Money. Freshsales sends it as a string on some records and as a number on others. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  specifiedByURL: 'https://speleotrove.com/decimal/daconvs.html',
  description:
    'Decimal number as a string, such as "5600.0", so that no digits are lost. Input may also be an integer.',
  serialize: (value) => toDecimal(value) ?? unreadable('Decimal'),
  parseValue: (value) => decimalOf(value),
  parseLiteral: (node) =>
    decimalOf(node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : textOf(node), node),
});

export const Json = new GraphQLScalarType<unknown, unknown>({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  description: 'Any JSON value.',
  parseLiteral: (node, variables) => jsonOf(node, variables ?? {}),
});

/** The server replaces this message by one that names the field. */
function unreadable(scalar: string): never {
  throw new GraphQLError(`${scalar} cannot represent the value sent by Freshsales.`);
}

const textOf = (node: ValueNode): unknown => (node.kind === Kind.STRING ? node.value : undefined);

/** The name before a literal, `dueAt: "…"`. Variables have their path in the error already. */
function argumentOf(node: ValueNode | undefined): string | undefined {
  const colon = node?.loc?.startToken.prev;
  return colon?.kind === ':' && colon.prev?.kind === 'Name' ? colon.prev.value : undefined;
}

/** An error at the literal, if it is one. */
const refusedAt = (node: ValueNode | undefined, message: string) => new GraphQLError(message, { nodes: node ?? null });

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/;

function momentOf(value: unknown, node?: ValueNode): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  const text = typeof value === 'string' ? value : '';
  const time = RFC_3339.test(text) || WITHOUT_OFFSET.test(text) ? toTime(text) : undefined;
  if (time && RFC_3339.test(text)) return new Date(time);
  const name = argumentOf(node) ?? 'A DateTime';
  throw refusedAt(
    node,
    time
      ? `${name} needs a time zone offset, for example ${withOffset(text)}.`
      : `${name} must be a date and time with an offset, for example 2026-12-31T09:00:00+01:00.`,
  );
}

/** The value that the caller probably meant. */
function withOffset(text: string): string {
  const [day = '', clock = '09:00:00'] = text.split(/[Tt ]/);
  return `${day}T${clock.length === 5 ? `${clock}:00` : clock}+01:00`;
}

function calendarDayOf(value: unknown, node?: ValueNode): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && toDay(value)) return value;
  throw refusedAt(node, `${argumentOf(node) ?? 'A Date'} is not a date. Use YYYY-MM-DD, for example 2026-11-27.`);
}

const DECIMAL = /^[+-]?\d{1,400}(\.\d{1,400})?$/;

function decimalOf(value: unknown, node?: ValueNode): string {
  // JSON numbers such as 0.0000001 have an exponent as text.
  const plain =
    typeof value === 'number' || (typeof value === 'string' && DECIMAL.test(value)) ? toDecimal(value) : undefined;
  if (plain) return plain;
  throw refusedAt(
    node,
    `${argumentOf(node) ?? 'A Decimal'} is not a decimal. Use digits with at most one point, such as "5600.00".`,
  );
}

/** Numbers keep their digits: one that a number cannot hold becomes a string. */
function jsonOf(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return exactNumber(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map((item) => jsonOf(item, variables));
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, jsonOf(value, variables)]));
    case Kind.VARIABLE:
      return variables[node.name.value];
    default:
      return null;
  }
}
