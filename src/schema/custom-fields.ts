import type { ObjectRef } from '@pothos/core';
import type { Identified, JsonObject } from '../freshsales/resource.ts';
import { builder, type Types } from './builder.ts';

/** `customFields` and `customField(name:)`, for record types with custom fields. */
export function withCustomFields<R extends Identified & { custom_field: JsonObject }>(ref: ObjectRef<Types, R>): void {
  builder.objectFields(ref, (t) => ({
    customFields: t.field({
      type: 'JSON',
      nullable: false,
      description: 'Custom fields as Freshsales sends them: `cf_` keys, multiple choices joined with “;”.',
      extensions: { pothosExposedField: 'custom_field' },
      resolve: (row) => row.custom_field ?? {},
    }),
    customField: t.field({
      type: 'JSON',
      description: 'The value of one custom field. Null if it is empty or does not exist.',
      args: {
        name: t.arg.string({
          required: true,
          description: 'Name of the custom field in Freshsales, such as cf_is_vip.',
        }),
      },
      extensions: { freshsales: { columns: ['custom_field'] } },
      resolve: (row, { name }) => (Object.hasOwn(row.custom_field ?? {}, name) ? row.custom_field[name] : null),
    }),
  }));
}
