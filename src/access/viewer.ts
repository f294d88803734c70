import { userLookup } from '../lookups/lookup-types.ts';
import { User, viewerUser } from '../lookups/users.ts';
import type { Allowance } from '../quota/allowance.ts';
import type { Access, Context, Grant } from '../records/context.ts';
import { fetchedBy, type Planning } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { wholeLookup } from '../records/loader.ts';
import { builder } from '../schema/builder.ts';
import { KINDS, toGrants } from './grant.ts';

const AccessEnum = builder.enumType('Access', {
  description: 'Access level of a caller to one kind of record or operation.',
  values: {
    OFF: { value: 'off', description: 'No access.' },
    READ: { value: 'read', description: 'Read.' },
    WRITE: { value: 'write', description: 'Read, create and update.' },
    FULL: { value: 'full', description: 'Read, create, update, delete, forget and bulk write.' },
  } as const satisfies Record<string, { value: Access; description: string }>,
});

interface NamedGrant extends Grant {
  readonly kind: string;
}

const ViewerGrant = builder.objectRef<NamedGrant>('ViewerGrant').implement({
  description: 'Access of the caller to one kind of record or operation.',
  fields: (t) => ({
    type: t.exposeString('kind', {
      nullable: false,
      description: 'Kind of record or operation, such as contacts, deals or lookups.',
    }),
    access: t.expose('access', { type: AccessEnum, nullable: false, description: 'Access level.' }),
    fields: t.stringList({
      nullable: { list: true, items: false },
      description: 'Fields the caller may use. Null means all fields.',
      resolve: ({ fields }) => (fields ? [...fields] : null),
    }),
    views: t.stringList({
      nullable: { list: true, items: false },
      description: 'Views the caller may list. Null means all views.',
      resolve: ({ views }) => (views ? [...views] : null),
    }),
    ownerId: t.id({
      description: 'Global id of the user whose records the caller may access. Null means records of all owners.',
      resolve: ({ owner }) => (owner === undefined ? null : toGid('User', owner)),
    }),
    hiddenCustomFields: t.stringList({
      nullable: false,
      description: 'Custom fields hidden from the caller.',
      resolve: ({ hideCustomFields }) => [...hideCustomFields],
    }),
    withheld: t.stringList({
      nullable: false,
      description: 'Operations excluded from FULL: forget, bulkDelete.',
      resolve: ({ withhold }) => [...withhold],
    }),
  }),
});

const ViewerAllowance = builder.objectRef<Allowance>('ViewerAllowance').implement({
  description: 'The caller’s allowance of calls. If a limit is null, only the limit of the account applies.',
  fields: (t) => ({
    callsPerHour: t.int({
      description: 'Calls the caller may make per hour.',
      resolve: ({ settings }) => settings.callsPerHour ?? null,
    }),
    used: t.exposeInt('used', { nullable: false, description: 'Calls the caller made this hour.' }),
    remaining: t.int({
      description: 'Calls the caller has left this hour.',
      resolve: ({ remaining }) => remaining ?? null,
    }),
    resetAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time at which the caller’s hour ends.',
      resolve: ({ resetAt }) => resetAt.toISOString(),
    }),
    callsPerOperation: t.int({
      description: 'Calls a single operation may make.',
      resolve: ({ settings }) => settings.callsPerOperation ?? null,
    }),
    priority: t.string({
      nullable: false,
      description: 'Priority under load: interactive before agent, agent before bulk.',
      resolve: ({ settings }) => settings.priority,
    }),
  }),
});

const EVERYTHING = toGrants(
  Object.fromEntries(KINDS.map((kind) => [kind, { access: 'full', hideCustomFields: [], withhold: [] }])),
);

const Viewer = builder.objectRef<Context>('Viewer').implement({
  description: 'The caller and its permissions.',
  fields: (t) => ({
    name: t.string({
      description: 'Name of the caller. Null if the server does not distinguish callers.',
      resolve: ({ caller }) => caller?.name ?? null,
    }),
    user: t.field({
      type: User,
      description:
        'The Freshsales user of the caller: the one that the token of a person names, else `user` in the callers file, else FRESHSALES_USER. Null, at no call, if there is none. An error with code NOT_FOUND if the account does not have this user. Costs one call for the owners of the account; cached for an hour.',
      ...fetchedBy(
        {
          cost: (_args: object, { isNobody }: Planning) => (isNobody ? [] : wholeLookup(userLookup).cost()),
          run: (_row: object, _args: object, context: Context) => viewerUser(context),
        },
        { rows: (_args, { isNobody }) => (isNobody ? 0 : 1) },
      ),
    }),
    grants: t.field({
      type: [ViewerGrant],
      nullable: { list: false, items: false },
      description: 'Permissions of the caller, one entry per kind.',
      resolve: ({ caller }) =>
        Object.entries(caller?.grants ?? EVERYTHING).map(([kind, grant]) => ({ ...grant, kind })),
    }),
    allowance: t.field({
      type: ViewerAllowance,
      description: 'The caller’s allowance of calls. Null if the caller has none.',
      resolve: ({ caller }) => caller?.allowance ?? null,
    }),
  }),
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Viewer,
    nullable: false,
    description: 'The caller, its permissions and its allowance of calls. Costs no calls, except for `user`.',
    resolve: (_root, _args, context) => context,
  }),
);
