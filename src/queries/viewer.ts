import type { Allowance } from '../access/allowance.ts';
import { type Access, type Grant, toGrants } from '../access/grant.ts';
import { KINDS, type Kind } from '../access/kind.ts';
import type { Context } from '../context.ts';
import { builder } from '../graph/builder.ts';

const AccessEnum = builder.enumType('Access', {
  description: 'How much a caller may do with one kind of thing.',
  values: {
    OFF: { value: 'off', description: 'Nothing.' },
    READ: { value: 'read', description: 'Read.' },
    WRITE: { value: 'write', description: 'Read, create and update.' },
    FULL: { value: 'full', description: 'All of that, and delete, forget and write in bulk.' },
  } as const satisfies Record<string, { value: Access; description: string }>,
});

interface NamedGrant extends Grant {
  readonly kind: Kind;
}

const ViewerGrant = builder.objectRef<NamedGrant>('ViewerGrant').implement({
  description: 'What the caller may do with one kind of thing.',
  fields: (t) => ({
    type: t.exposeString('kind', { nullable: false, description: 'contacts, deals, lookups and so on.' }),
    access: t.expose('access', { type: AccessEnum, nullable: false, description: 'How much.' }),
    fields: t.stringList({
      nullable: { list: true, items: false },
      description: 'Only these fields; all where it is null.',
      resolve: ({ fields }) => (fields ? [...fields] : null),
    }),
    views: t.stringList({
      nullable: { list: true, items: false },
      description: 'Only lists over these views; all where it is null.',
      resolve: ({ views }) => (views ? [...views] : null),
    }),
    ownerId: t.string({
      description: 'Only records that this user owns; everybody’s where it is null.',
      resolve: ({ owner }) => owner ?? null,
    }),
    hiddenCustomFields: t.stringList({
      nullable: false,
      description: 'Custom fields that are not shown.',
      resolve: ({ hideCustomFields }) => [...hideCustomFields],
    }),
    withheld: t.stringList({
      nullable: false,
      description: 'What is taken out of FULL: forget, bulkDelete.',
      resolve: ({ withhold }) => [...withhold],
    }),
  }),
});

const ViewerAllowance = builder.objectRef<Allowance>('ViewerAllowance').implement({
  description: 'The caller’s share of the account’s calls. Null limits are the account’s own.',
  fields: (t) => ({
    callsPerHour: t.int({
      description: 'Calls this caller may make in an hour.',
      resolve: ({ settings }) => settings.callsPerHour ?? null,
    }),
    used: t.exposeInt('used', { nullable: false, description: 'Calls it has made this hour.' }),
    remaining: t.int({ description: 'Calls it has left this hour.', resolve: ({ remaining }) => remaining ?? null }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When its hour is over.',
      resolve: ({ resetAt }) => resetAt.toISOString(),
    }),
    callsPerOperation: t.int({
      description: 'Calls one operation of it may make.',
      resolve: ({ settings }) => settings.callsPerOperation ?? null,
    }),
    priority: t.string({
      nullable: false,
      description: 'interactive goes before agent, and agent before bulk.',
      resolve: ({ settings }) => settings.priority,
    }),
  }),
});

const EVERYTHING = toGrants(
  Object.fromEntries(KINDS.map((kind) => [kind, { access: 'full', hideCustomFields: [], withhold: [] }])),
);

const Viewer = builder.objectRef<Context>('Viewer').implement({
  description: 'Who asks, and what they may do.',
  fields: (t) => ({
    name: t.string({
      description: 'The caller’s name; null where the server does not tell callers apart.',
      resolve: ({ caller }) => caller?.name ?? null,
    }),
    grants: t.field({
      type: [ViewerGrant],
      nullable: { list: false, items: false },
      description: 'What they may do, kind by kind.',
      resolve: ({ caller }) => KINDS.map((kind) => ({ ...(caller?.grants ?? EVERYTHING)[kind], kind })),
    }),
    allowance: t.field({
      type: ViewerAllowance,
      description: 'Their share of the calls; null where they have no share of their own.',
      resolve: ({ caller }) => caller?.allowance ?? null,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: false,
    description: 'Who asks, what they may do and what they may spend. Free: it spends no call.',
    resolve: (_root, _args, context) => context,
  }),
);
