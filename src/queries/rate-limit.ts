import type { Window } from '../quota/account-ledger.ts';
import type { Context } from '../records/context.ts';
import { builder } from '../schema/builder.ts';

const RateLimitWindow = builder.objectRef<Window>('RateLimitWindow').implement({
  description: 'One of the two windows in which Freshsales counts calls.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Name of the window: “hour” or “minute”.' }),
    limit: t.exposeInt('limit', { nullable: false, description: 'Calls the account may make per window.' }),
    used: t.exposeInt('used', { nullable: false, description: 'Calls made in this window, as far as known.' }),
    remaining: t.int({
      nullable: false,
      description: 'Calls left in this window.',
      resolve: ({ limit, used }) => limit - used,
    }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time at which the window resets.',
      resolve: ({ resetAt }) => resetAt.toISOString(),
    }),
  }),
});

const RateLimit = builder.objectRef<Context>('RateLimit').implement({
  description:
    'Remaining calls of the whole Freshsales account. The top-level fields describe the hourly window, which is the scarcer one.',
  fields: (t) => ({
    limit: t.int({ nullable: false, description: 'Calls per hour.', resolve: ({ ledger }) => ledger.hour.limit }),
    used: t.int({
      nullable: false,
      description: 'Calls made this hour, as far as known.',
      resolve: ({ ledger }) => ledger.hour.used,
    }),
    remaining: t.int({
      nullable: false,
      description: 'Calls left this hour.',
      resolve: ({ ledger: { hour } }) => hour.limit - hour.used,
    }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time at which the hour ends.',
      resolve: ({ ledger }) => ledger.hour.resetAt.toISOString(),
    }),
    windows: t.field({
      type: [RateLimitWindow],
      nullable: { list: false, items: false },
      description: 'The hourly and the per-minute window.',
      resolve: ({ ledger: { hour, minute } }) => [hour, minute],
    }),
    callerRemaining: t.int({
      description: 'Calls left in the caller’s own hourly allowance. Null if the caller has none.',
      resolve: ({ caller }) => caller?.allowance.remaining ?? null,
    }),
    callerResetAt: t.field({
      type: 'DateTime',
      description: 'Time at which the caller’s hourly allowance resets. Null if the caller has none.',
      resolve: ({ caller }) => caller?.allowance.resetAt.toISOString() ?? null,
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: false,
    description: 'Remaining calls of the account. Costs no calls.',
    resolve: (_root, _args, context) => context,
  }),
);
