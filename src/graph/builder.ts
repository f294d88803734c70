import SchemaBuilder from '@pothos/core';
import type { Context } from '../context.ts';
import { DateTime, Decimal, Json, LocalDate } from './scalars.ts';

/** The builder that every type of the schema is made with. It knows scalars, and no record type. */
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
  description: 'Everything that can be read. What a field costs is the number of Freshsales calls it can cause.',
});

builder.mutationType({
  description:
    'Everything that can be changed. One call each unless it says otherwise; what is selected of the record comes back with it. Several in one operation are done in order.',
});
