import { builder } from './builder.ts';

export const UserErrorCode = builder.enumType('UserErrorCode', {
  description: 'What kind of thing is wrong with the input.',
  values: {
    INVALID: { description: 'The value is of the wrong kind, or not allowed here.' },
    REQUIRED: { description: 'Something has to be there and is not.' },
    NOT_UNIQUE: { description: 'Another record has this value already, and only one may.' },
    NOT_FOUND: { description: 'There is no such record, or the key may not see it.' },
  } as const,
});

/** Something about the input that the caller can put right. */
export interface Problem {
  /** The path into the mutation's arguments; null where Freshsales does not tell. */
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: typeof UserErrorCode.$inferType;
}

export const UserError = builder.objectRef<Problem>('UserError').implement({
  description: 'Something about the input that the caller can put right. Nothing was changed because of it.',
  fields: (t) => ({
    field: t.stringList({
      nullable: { list: true, items: false },
      description:
        'The path into the arguments of the mutation, in GraphQL names, such as ["input", "email"]; null where Freshsales does not tell.',
      resolve: ({ field }) => (field ? [...field] : null),
    }),
    message: t.exposeString('message', {
      nullable: false,
      description: 'What is wrong. Where Freshsales refused, its own words, in the language of the key’s user.',
    }),
    code: t.expose('code', { type: UserErrorCode, nullable: false, description: 'For programs to act on.' }),
  }),
});

/** What every payload has. */
export const userErrorsField = {
  type: [UserError] as [typeof UserError],
  nullable: { list: false, items: false } as const,
  description: 'What was wrong with the input; empty where it was done.',
};
