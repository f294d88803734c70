import type { BulkResult, Fate, IdsResult } from '../freshsales/bulk.ts';
import type { FreshsalesError } from '../freshsales/errors.ts';
import { builder } from './builder.ts';
import { toGid } from './gid.ts';
import { type Problem, userErrorsField } from './user-error.ts';

/** A failure as something to show: graphql-js throws whatever error a resolver gives it. */
interface Interruption {
  readonly code: string;
  readonly message: string;
  readonly retryAfter: number | null;
}

const interruptionOf = ({ interruption }: { readonly interruption?: FreshsalesError }): Interruption | null =>
  interruption
    ? { code: interruption.code, message: interruption.message, retryAfter: interruption.retryAfter ?? null }
    : null;

const BulkInterruption = builder.objectRef<Interruption>('BulkInterruption').implement({
  description: 'What broke off a bulk write before all of it was sent.',
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: false,
      description: 'As of an error: RATE_LIMITED, UPSTREAM_ERROR and so on; BAD_USER_INPUT where Freshsales refused.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'What happened.' }),
    retryAfter: t.exposeInt('retryAfter', {
      description: 'Seconds after which the rest may be sent, where that is known.',
    }),
  }),
});

const BulkRowStatus = builder.enumType('BulkRowStatus', {
  description: 'What became of a row of a bulk write.',
  values: {
    SUCCEEDED: { description: 'It was done.' },
    FAILED: { description: 'Freshsales refused it; nothing was changed.' },
    NOT_SENT: { description: 'It was not sent, because the work broke off before. Nothing was changed.' },
    UNKNOWN: {
      description: 'Freshsales took it, and nobody knows what came of it. Ask for the job, or read the record.',
    },
  } as const,
});

/** A row with its place in the input. */
interface PlacedFate extends Fate {
  readonly index: number;
  readonly identifier: string;
}

const BulkRow = builder.objectRef<PlacedFate>('BulkRow').implement({
  description: 'What became of one row of a bulk write.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: false, description: 'Its place in the input, from 0.' }),
    identifier: t.exposeString('identifier', { nullable: false, description: 'What it was found by.' }),
    status: t.expose('status', { type: BulkRowStatus, nullable: false, description: 'What became of it.' }),
    messages: t.stringList({
      nullable: { list: false, items: false },
      description: 'Why it was refused, in Freshsales’ own words.',
      resolve: ({ messages }) => [...messages],
    }),
    jobId: t.string({ description: 'The job it went with, for bulkJob.', resolve: ({ jobId }) => jobId ?? null }),
  }),
});

const BulkFailure = builder.objectRef<PlacedFate>('BulkFailure').implement({
  description: 'A row that Freshsales refused.',
  fields: (t) => ({
    identifier: t.exposeString('identifier', { nullable: false, description: 'What it was found by.' }),
    messages: t.stringList({
      nullable: { list: false, items: false },
      description: 'Why, in Freshsales’ own words.',
      resolve: ({ messages }) => [...messages],
    }),
  }),
});

/** What a bulk upsert comes to. */
export interface Upserted extends BulkResult {
  readonly isUnsent?: boolean;
  readonly identifiers: readonly string[];
  readonly problems: readonly Problem[];
}

const placed = ({ fates, identifiers }: Upserted): PlacedFate[] =>
  fates.map((fate, index) => ({ ...fate, index, identifier: identifiers[index] ?? '' }));

const countOf =
  (status: Fate['status']) =>
  ({ fates }: Upserted): number =>
    fates.filter((fate) => fate.status === status).length;

export const BulkUpsertPayload = builder.objectRef<Upserted>('BulkUpsertPayload').implement({
  description: 'What came of a bulk upsert, row by row. The four counts add up to the rows given.',
  fields: (t) => ({
    succeeded: t.int({ nullable: false, description: 'Rows that were done.', resolve: countOf('SUCCEEDED') }),
    failed: t.int({ nullable: false, description: 'Rows that Freshsales refused.', resolve: countOf('FAILED') }),
    notSent: t.int({
      nullable: false,
      description: 'Rows that were not sent, because the work broke off.',
      resolve: countOf('NOT_SENT'),
    }),
    unknown: t.int({
      nullable: false,
      description: 'Rows that were sent, and of which nobody knows what came of them.',
      resolve: countOf('UNKNOWN'),
    }),
    failures: t.field({
      type: [BulkFailure],
      nullable: { list: false, items: false },
      description: 'The rows that Freshsales refused.',
      resolve: (result) => placed(result).filter(({ status }) => status === 'FAILED'),
    }),
    rows: t.field({
      type: [BulkRow],
      nullable: { list: false, items: false },
      description: 'Every row, in the order given.',
      resolve: placed,
    }),
    interruption: t.field({
      type: BulkInterruption,
      description: 'What broke the work off; null where all was sent.',
      resolve: interruptionOf,
    }),
    userErrors: t.field({ ...userErrorsField, resolve: ({ problems }) => [...problems] }),
  }),
});

/** What a bulk order over ids comes to. */
export interface Ordered extends IdsResult {
  readonly isUnsent?: boolean;
  readonly type: string;
  readonly problems: readonly Problem[];
}

const gidsOf =
  (key: 'accepted' | 'notSent' | 'unknown') =>
  (result: Ordered): string[] =>
    result[key].map((id) => toGid(result.type, id));

const idList = { nullable: { list: false, items: false } as const };

export const BulkIdsPayload = builder.objectRef<Ordered>('BulkIdsPayload').implement({
  description:
    'What came of an order over many records. The three lists hold every id given, once; all are empty where userErrors says why the order was refused.',
  fields: (t) => ({
    acceptedIds: t.idList({
      ...idList,
      description:
        'Global ids that Freshsales has taken; it may carry the order out a little later, as its message says.',
      resolve: gidsOf('accepted'),
    }),
    notSentIds: t.idList({
      ...idList,
      description: 'Global ids that were not sent, because the work broke off.',
      resolve: gidsOf('notSent'),
    }),
    unknownIds: t.idList({
      ...idList,
      description: 'Global ids of which nobody knows what came of them.',
      resolve: gidsOf('unknown'),
    }),
    messages: t.stringList({
      ...idList,
      description: 'Freshsales’ own words, one for each call.',
      resolve: ({ messages }) => [...messages],
    }),
    interruption: t.field({
      type: BulkInterruption,
      description: 'What broke the work off; null where all was sent.',
      resolve: interruptionOf,
    }),
    userErrors: t.field({ ...userErrorsField, resolve: ({ problems }) => [...problems] }),
  }),
});
