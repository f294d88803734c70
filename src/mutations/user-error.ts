import { builder } from '../schema/builder.ts';
import type { Problem } from './draft.ts';

export const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'Kind of problem with the input.',
  values: {
    INVALID: { description: 'The value has the wrong type or is not allowed here.' },
    REQUIRED: { description: 'A required value is missing.' },
    NOT_UNIQUE: { description: 'Another record already has this value, which must be unique.' },
    NOT_FOUND: { description: 'The record does not exist, or the API key may not see it.' },
  } as const,
});

export const UserError = builder.objectRef<Problem>('UserError').implement({
  description: 'A problem with the input that the caller can correct. Nothing was changed.',
  fields: (t) => ({
    field: t.stringList({
      nullable: { list: true, items: false },
      description:
        'Path into the arguments of the mutation, such as ["input", "email"]. Null if Freshsales does not name a field.',
      resolve: ({ field }) => (field ? [...field] : null),
    }),
    message: t.exposeString('message', {
      nullable: false,
      description:
        'Description of the problem. If Freshsales refused the change, its own message in the language of the API key’s user.',
    }),
    code: t.expose('code', { type: UserErrorCode, nullable: false, description: 'Machine-readable code.' }),
  }),
});

/** What every payload has. */
export const userErrorsField = {
  type: [UserError] as [typeof UserError],
  nullable: { list: false, items: false } as const,
  description: 'Problems with the input. Empty if the mutation succeeded.',
};
