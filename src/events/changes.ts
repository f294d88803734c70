import { setImmediate } from 'node:timers/promises';
import type { GraphQLResolveInfo } from 'graphql';
import {
  CHANGE_TYPES,
  type ChangeAction,
  type ChangeFeed,
  type ChangeType,
  type FeedEntry,
  type RecordChange,
} from '../records/changes.ts';
import type { Context } from '../records/context.ts';
import { badInput, notAvailable } from '../records/errors.ts';
import {
  type Args,
  type FieldSource,
  needsOf,
  nodeSelections,
  type Selection,
  selectionOf,
} from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { NOTHING, union } from '../records/record-type.ts';
import { Appointment } from '../resources/appointment/type.ts';
import { Contact } from '../resources/contact/type.ts';
import { Deal } from '../resources/deal/type.ts';
import { Lead } from '../resources/lead/type.ts';
import { Note } from '../resources/note/type.ts';
import { SalesAccount } from '../resources/sales-account/type.ts';
import { SalesActivity } from '../resources/sales-activity/type.ts';
import { Task } from '../resources/task/type.ts';
import { builder } from '../schema/builder.ts';
import { PageInfo } from '../schema/connection.ts';
import { typeOf } from '../schema/node.ts';
import { changedFieldsOf, readChanged, visibleChanges } from './visible-changes.ts';

const named = (type: ChangeType): string => type.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

const ChangeTypeEnum = builder.enumType('ChangeType', {
  description: 'Record types whose changes are known.',
  values: Object.fromEntries(
    CHANGE_TYPES.map((type) => [
      named(type),
      {
        value: type,
        description: `${type
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase()
          .replace(/^./, (letter) => letter.toUpperCase())
          .replace(/y$/, 'ie')}s.${type === 'Lead' ? ' Classic only.' : ''}`,
      },
    ]),
  ) as Record<string, { value: ChangeType; description: string }>,
});

const ChangeActionEnum = builder.enumType('ChangeAction', {
  description: 'Kind of change.',
  values: {
    CREATED: { value: 'created', description: 'It was created.' },
    UPDATED: { value: 'updated', description: 'It was changed, or restored from the recycle bin.' },
    DELETED: { value: 'deleted', description: 'It was deleted, or moved to the recycle bin.' },
  } as const satisfies Record<string, { value: ChangeAction; description: string }>,
});

const ChangeSource = builder.enumType('ChangeSource', {
  description: 'Source of a change.',
  values: {
    WEBHOOK: { value: 'webhook', description: 'A workflow of Freshsales announced it.' },
    POLL: { value: 'poll', description: 'It was found in Freshsales.' },
    MUTATION: { value: 'mutation', description: 'It was made through this API.' },
  } as const satisfies Record<string, { value: RecordChange['source']; description: string }>,
});

const ChangedRecord = builder.unionType('ChangedRecord', {
  description: 'A record whose changes are known.',
  types: () => [Contact, SalesAccount, Deal, Lead, Task, Appointment, Note, SalesActivity],
  resolveType: (row) => typeOf(row),
});

const Change = builder.objectRef<FeedEntry>('Change').implement({
  description: 'A change of one record. It says that the record changed, not how.',
  fields: (t) => ({
    cursor: t.string({
      nullable: false,
      description: 'Cursor of this change, for `after`.',
      resolve: ({ cursor }) => cursor,
    }),
    type: t.field({
      type: ChangeTypeEnum,
      nullable: false,
      description: 'Type of the record.',
      resolve: ({ type }) => type,
    }),
    action: t.field({
      type: ChangeActionEnum,
      nullable: false,
      description: 'Kind of change.',
      resolve: ({ action }) => action,
    }),
    recordId: t.id({
      nullable: false,
      description: 'Global id of the record.',
      resolve: ({ type, id }) => toGid(type, id),
    }),
    source: t.field({
      type: ChangeSource,
      nullable: false,
      description: 'Source of the change.',
      resolve: ({ source }) => source,
    }),
    occurredAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'Time at which the change became known.',
      resolve: ({ at }) => new Date(at).toISOString(),
    }),
    changedFields: t.stringList({
      nullable: { list: true, items: false },
      description:
        'Names of the changed fields, and of custom fields as Freshsales names them. Null if unknown, as for most webhooks.',
      resolve: (entry, _args, context, info) => changedFieldsOf(entry, context, info.schema),
    }),
    record: t.field({
      type: ChangedRecord,
      description:
        'The record as it is now, which may be newer than the change. Null if it was deleted, and for notes. Costs at most one call per record that is not cached; the records of a page are read together where that costs less.',
      extensions: {
        // Only its id is known. What else is selected is read by the strategies of its type.
        freshsales: { brings: [] } satisfies FieldSource,
      },
      // The members of the union are the types of the tables.
      resolve: async (entry, _args, context, info) => (await readChanged(entry, context, info)) as never,
    }),
  }),
});

interface ChangePage {
  readonly entries: readonly FeedEntry[];
  readonly start: string | null;
  readonly end: string;
  readonly hasMore: boolean;
  readonly hasEarlier: boolean;
}

const ChangeEdge = builder.objectRef<FeedEntry>('ChangeEdge').implement({
  description: 'An edge in a list of changes.',
  fields: (t) => ({
    cursor: t.string({
      nullable: false,
      description: 'Cursor of this change, for `after`.',
      resolve: ({ cursor }) => cursor,
    }),
    node: t.field({ type: Change, nullable: false, description: 'The change.', resolve: (entry) => entry }),
  }),
});

const ChangeConnection = builder.objectRef<ChangePage>('ChangeConnection').implement({
  description: 'A page of changes, oldest first.',
  fields: (t) => ({
    edges: t.field({
      type: [ChangeEdge],
      nullable: { list: false, items: false },
      description: 'The changes of this page, each with its cursor.',
      resolve: ({ entries }) => [...entries],
    }),
    nodes: t.field({
      type: [Change],
      nullable: { list: false, items: false },
      description: 'The changes of this page.',
      resolve: ({ entries }) => [...entries],
    }),
    pageInfo: t.field({
      type: PageInfo,
      nullable: false,
      description:
        'Position of this page in the feed. Continue after endCursor, which is set on an empty page as well.',
      resolve: ({ start, end, hasMore, hasEarlier }) => ({
        startCursor: start,
        endCursor: end,
        hasNextPage: hasMore,
        hasPreviousPage: hasEarlier,
      }),
    }),
  }),
});

const MAX_CHANGES = 500;

/** The most entries that an operation looks at, where most are of other types or may not be seen. Each page looks at one batch. */
const MAX_SCANNED = 10_000;

/** Entries that operations have looked at. */
const scanned = new WeakMap<Context, number>();

/** Entries that are read at once. Other requests are served in between. */
const BATCH = 500;

export function feedOf({ changes }: Context): ChangeFeed {
  if (!changes) throw notAvailable('This server keeps no change feed.');
  return changes.feed;
}

interface PageArgs {
  readonly after?: string | null | undefined;
  readonly first?: number | null | undefined;
  readonly types?: readonly ChangeType[] | null | undefined;
}

async function readPage(context: Context, info: GraphQLResolveInfo, args: PageArgs): Promise<ChangePage> {
  const { after, types } = args;
  const first = args.first ?? 25;
  if (first < 0 || first > MAX_CHANGES) throw badInput(`“first” must be from 0 to ${MAX_CHANGES}.`);
  // Without changes and without a cursor, the caller wants to know where new ones begin.
  const from = typeof after === 'string' ? { after } : first === 0 ? 'end' : 'start';
  const reader = await feedOf(context).readFrom(from);
  const needs = recordNeeds(nodeSelections(selectionOf(context, info)), info);
  const entries: FeedEntry[] = [];
  let { end, hasMore } = await reader.next(0);
  for (let isFirst = true; entries.length < first && hasMore; isFirst = false) {
    if (!isFirst && (scanned.get(context) ?? 0) >= MAX_SCANNED) break;
    const page = await reader.next(BATCH);
    scanned.set(context, (scanned.get(context) ?? 0) + page.entries.length);
    const wanted = page.entries.filter(({ type }) => !types || types.includes(type));
    let looked = 0;
    while (looked < wanted.length && entries.length < first) {
      // No more than are needed, because each can cost a call.
      const some = wanted.slice(looked, looked + first - entries.length);
      looked += some.length;
      entries.push(...(await visibleChanges(context, some, needs)));
    }
    const last = entries.length < first ? page.entries.at(-1) : wanted[looked - 1];
    ({ end, hasMore } = last && last !== page.entries.at(-1) ? { end: last.cursor, hasMore: true } : page);
    await setImmediate();
  }
  return { entries, start: entries[0]?.cursor ?? null, end, hasMore, hasEarlier: from !== 'start' };
}

/** The selection on the records of changes. */
export const recordNeeds =
  (selections: readonly Selection[], info: Pick<GraphQLResolveInfo, 'schema'>) => (type: ChangeType) =>
    union([
      NOTHING,
      ...selections.flatMap(({ fieldsByTypeName }) =>
        Object.values(fieldsByTypeName.Change ?? {})
          .filter(({ name }) => name === 'record')
          .map((record) => needsOf(record, type, info)),
      ),
    ]);

const AFTER =
  'Cursor of a change, or endCursor of a page. A cursor that is older than the feed is an error with `syncFrom`, the time from which to read the records themselves.';
const TYPES = 'Only changes of these record types.';

const changesAsked = ({ first }: Args): number => (typeof first === 'number' ? Math.max(0, first) : 25);

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    semanticNonNull: true,
    description:
      'Changes of records, oldest first: writes of this API, and what webhooks and polling announce. Without `after`, from the oldest change that is kept. `first: 0` without `after` gives the current cursor. Costs no calls, except for callers limited to an owner or with their own key: one per record.',
    args: {
      after: t.arg.string({ description: AFTER }),
      first: t.arg.int({ description: `Number of changes, at most ${MAX_CHANGES}. Defaults to 25.` }),
      types: t.arg({ type: [ChangeTypeEnum], description: TYPES }),
    },
    extensions: { freshsales: { rows: changesAsked, expects: changesAsked } satisfies FieldSource },
    resolve: (_root, args, context, info) => readPage(context, info, args),
  }),
);

builder.subscriptionType({ description: 'Delivers what happens, over server-sent events.' });

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    nullable: false,
    description:
      'Delivers changes as they become known. With `after`, first everything since that cursor. Costs no calls, unless `record` is selected, or the caller is limited to an owner or has its own key: one per record, shared by all subscribers.',
    args: {
      after: t.arg.string({ description: AFTER }),
      types: t.arg({ type: [ChangeTypeEnum], description: TYPES }),
      ids: t.arg.idList({ description: 'Only changes of these records, by global or Freshsales ids. At most 500.' }),
    },
    subscribe: () => {
      // Each delivery has its own context, which the server creates.
      throw notAvailable('Send subscriptions over HTTP, with the header “accept: text/event-stream”.');
    },
    resolve: (entry) => entry as FeedEntry,
  }),
);
