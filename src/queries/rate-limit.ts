import { builder } from '../graph/builder.ts';
import type { Ledger, Window } from '../quota/ledger.ts';

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

const RateLimit = builder.objectRef<Ledger>('RateLimit').implement({
  description: 'What is left of the calls the whole Freshsales account may make. The hour is the scarcer window.',
  fields: (t) => ({
    limit: t.int({ nullable: false, description: 'Calls an hour.', resolve: ({ hour }) => hour.limit }),
    used: t.int({
      nullable: false,
      description: 'Calls made this hour, as far as we know.',
      resolve: ({ hour }) => hour.used,
    }),
    remaining: t.int({
      nullable: false,
      description: 'Calls left this hour.',
      resolve: ({ hour }) => hour.limit - hour.used,
    }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When the hour is over.',
      resolve: ({ hour }) => hour.resetAt.toISOString(),
    }),
    windows: t.field({
      type: [RateLimitWindow],
      nullable: { list: false, items: false },
      description: 'Both windows.',
      resolve: ({ hour, minute }) => [hour, minute],
    }),
  }),
});

builder.queryField('rateLimit', (t) =>
  t.field({
    type: RateLimit,
    nullable: false,
    description: 'What is left of the account’s calls. Free: it spends none.',
    resolve: (_root, _args, { ledger }) => ledger,
  }),
);
