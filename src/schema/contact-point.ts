import type { ContactPoint } from '../freshsales/resource.ts';
import { isObject } from '../freshsales/rows.ts';
import { builder } from './builder.ts';

function contactPointType(name: string, what: string) {
  return builder.objectRef<ContactPoint>(name).implement({
    description: `One of several ${what}. The order has no meaning; isPrimary marks the primary one.`,
    fields: (t) => ({
      value: t.exposeString('value', { nullable: false, description: 'The value as entered.' }),
      isPrimary: t.boolean({
        nullable: false,
        description: 'True if this is the primary one.',
        resolve: ({ is_primary }) => is_primary === true,
      }),
      label: t.exposeString('label', { description: 'Label, if one was entered.' }),
    }),
  });
}

export const ContactEmail = contactPointType('ContactEmail', 'e-mail addresses');
export const ContactPhoneNumber = contactPointType('ContactPhoneNumber', 'phone numbers');

/** Freshsales sends objects. Plain strings are accepted too. */
export const contactPoints = (cell: unknown): ContactPoint[] => (Array.isArray(cell) ? cell.flatMap(contactPoint) : []);

function contactPoint(item: unknown): ContactPoint[] {
  if (typeof item === 'string') return [{ value: item, is_primary: false, label: null }];
  if (!isObject(item) || typeof item.value !== 'string') return [];
  const { value, is_primary, label } = item;
  return [{ value, is_primary: is_primary === true, label: typeof label === 'string' ? label : null }];
}
