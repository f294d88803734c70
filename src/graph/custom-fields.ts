import type { ObjectRef } from '@pothos/core';
import type { Identified, JsonObject } from '../freshsales/resource.ts';
import { builder, type Types } from './builder.ts';

/** `customFields` and `customField(name:)`, for every record type the account can add fields to. */
export function withCustomFields<R extends Identified & { custom_field: JsonObject }>(ref: ObjectRef<Types, R>): void {
  builder.objectFields(ref, (t) => ({
    customFields: t.field({
      type: 'JSON',
      nullable: false,
      description:
        'The account’s own fields, as Freshsales sends them: `cf_` keys, several choices as one string with “;”.',
      extensions: { pothosExposedField: 'custom_field' },
      resolve: (row) => row.custom_field ?? {},
    }),
    customField: t.field({
      type: 'JSON',
      description: 'One of the account’s own fields; null where it is empty or there is none of that name.',
      args: { name: t.arg.string({ required: true, description: 'Its name on the wire, such as cf_is_vip.' }) },
      extensions: { freshsales: { columns: ['custom_field'] } },
      resolve: (row, { name }) => (Object.hasOwn(row.custom_field ?? {}, name) ? row.custom_field[name] : null),
    }),
  }));
}
