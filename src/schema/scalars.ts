import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import { GraphQLDateTimeISO, GraphQLJSON, GraphQLLocalDate } from 'graphql-scalars';

const DECIMAL = /^[+-]?\d+(\.\d+)?$/;

/** A time. Input in any offset, output in UTC. */
export const DateTime = new GraphQLScalarType<Date, string>({
  ...GraphQLDateTimeISO.toConfig(),
  name: 'DateTime',
  description:
    'Date and time in ISO 8601 (RFC 3339), such as 2026-05-10T18:48:27.000Z. Input may have any offset; output is UTC.',
  serialize: (value) => utcOf(value),
});

/** A calendar date. */
export const LocalDate = new GraphQLScalarType<string, string>({
  ...GraphQLLocalDate.toConfig(),
  name: 'Date',
  description: 'Calendar date without time or time zone, such as 2026-05-10.',
  // Freshsales sends dates. If it sends a time, the date is the part before the T.
  serialize: (value) => String(value).slice(0, 10),
});

/** Money. Freshsales sends it as a string on some records and as a number on others. */
export const Decimal = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'Decimal number as a string, such as "5600.0", so that no digits are lost. Input may also be an integer.',
  serialize: (value) => String(value),
  parseValue: (value) => decimalOf(typeof value === 'number' ? String(value) : value),
  parseLiteral: (node) =>
    decimalOf(node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : undefined),
});

export const Json = new GraphQLScalarType<unknown, unknown>({
  ...GraphQLJSON.toConfig(),
  name: 'JSON',
  description: 'Any JSON value.',
});

function utcOf(value: unknown): string {
  const date = value instanceof Date ? value : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent the value sent by Freshsales.');
  return date.toISOString();
}

function decimalOf(value: unknown): string {
  if (typeof value === 'string' && DECIMAL.test(value)) return value;
  throw new GraphQLError('A Decimal must be a string of digits with at most one point, such as "5600.50".');
}
