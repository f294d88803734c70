import type { Context } from '../context.ts';
import { builder } from '../graph/builder.ts';
import type { Window } from '../quota/ledger.ts';

const RateLimitWindow = builder.objectRef<Window>('RateLimitWindow').implement({
  description: 'One of the two spans of time in which Freshsales counts calls.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: '“hour” or “minute”.' }),
    limit: t.exposeInt('limit', { nullable: false, description: 'Calls the account may make in it.' }),
    used: t.exposeInt('used', { nullable: false, description: 'Calls made in it, as far as we know.' }),
    remaining: t.int({ nullable: false, description: 'Calls left.', resolve: ({ limit, used }) => limit - used }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When counting begins anew.',
      resolve: ({ resetAt }) => resetAt.toISOString(),
    }),
  }),
});

const RateLimit = builder.objectRef<Context>('RateLimit').implement({
  description: 'What is left of the calls the whole Freshsales account may make. The hour is the scarcer window.',
  fields: (t) => ({
    limit: t.int({ nullable: false, description: 'Calls an hour.', resolve: ({ ledger }) => ledger.hour.limit }),
    used: t.int({
      nullable: false,
      description: 'Calls made this hour, as far as we know.',
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
      description: 'When the hour is over.',
      resolve: ({ ledger }) => ledger.hour.resetAt.toISOString(),
    }),
    windows: t.field({
      type: [RateLimitWindow],
      nullable: { list: false, items: false },
      description: 'Both windows.',
      resolve: ({ ledger: { hour, minute } }) => [hour, minute],
    }),
    callerRemaining: t.int({
      description: 'Calls that this caller has left of its own share this hour; null where it has none.',
      resolve: ({ caller }) => caller?.allowance.remaining ?? null,
    }),
    callerResetAt: t.field({
      type: 'DateTime',
      description: 'When the caller’s hour is over; null where it has no share of its own.',
      resolve: ({ caller }) => caller?.allowance.resetAt.toISOString() ?? null,
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: false,
    description: 'What is left of the account’s calls. Free: it spends none.',
    resolve: (_root, _args, context) => context,
  }),
);
