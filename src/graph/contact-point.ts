import type { ContactPoint } from '../freshsales/resource.ts';
import { isObject } from '../freshsales/rows.ts';
import { builder } from './builder.ts';

function contactPointType(name: string, what: string) {
  return builder.objectRef<ContactPoint>(name).implement({
    description: `One of several ${what}. Their order means nothing; the first in rank is marked.`,
    fields: (t) => ({
      value: t.exposeString('value', { nullable: false, description: 'As it was entered.' }),
      isPrimary: t.boolean({
        nullable: false,
        description: 'Whether it is the one to use.',
        resolve: ({ is_primary }) => is_primary === true,
      }),
      label: t.exposeString('label', { description: 'What it is for, when somebody said so.' }),
    }),
  });
}

export const ContactEmail = contactPointType('ContactEmail', 'e-mail addresses');
export const ContactPhoneNumber = contactPointType('ContactPhoneNumber', 'telephone numbers');

/** Freshsales sends objects; plain strings are accepted as well. */
export const contactPoints = (cell: unknown): ContactPoint[] => (Array.isArray(cell) ? cell.flatMap(contactPoint) : []);

function contactPoint(item: unknown): ContactPoint[] {
  if (typeof item === 'string') return [{ value: item, is_primary: false, label: null }];
  if (!isObject(item) || typeof item.value !== 'string') return [];
  const { value, is_primary, label } = item;
  return [{ value, is_primary: is_primary === true, label: typeof label === 'string' ? label : null }];
}
