import SchemaBuilder from '@pothos/core';
import type { Context } from '../records/context.ts';
import { DateTime, Decimal, Json, LocalDate } from './scalars.ts';

/** The builder of all types. It knows scalars, but no record types. */
export const builder = new SchemaBuilder<{
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: string };
    Date: { Input: string; Output: string };
    Decimal: { Input: string; Output: string | number };
    JSON: { Input: unknown; Output: unknown };
  };
}>({});

export type Types = typeof builder.$inferSchemaTypes;

builder.addScalarType('DateTime', DateTime);
builder.addScalarType('Date', LocalDate);
builder.addScalarType('Decimal', Decimal);
builder.addScalarType('JSON', Json);

builder.queryType({
  description: 'Read operations. Each field states the number of Freshsales calls it can cost.',
});

builder.mutationType({
  description:
    'Write operations. Each costs one call unless its description says otherwise. The selected fields of the record are returned. Mutations in one operation run in order.',
});
