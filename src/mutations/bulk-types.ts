import type { BulkResult, IdsResult, RowResult } from '../freshsales/bulk.ts';
import type { FreshsalesError } from '../freshsales/errors.ts';
import { toGid } from '../records/gid.ts';
import type { UserError } from '../records/write-report.ts';
import { builder } from '../schema/builder.ts';
import { userErrorsField } from './payload.ts';

/** A failure as plain data, because graphql-js throws errors that a resolver returns. */
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
  description: 'The reason a bulk write stopped early.',
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: false,
      description: 'Error code, such as RATE_LIMITED or UPSTREAM_ERROR. BAD_USER_INPUT if Freshsales refused the rows.',
    }),
    message: t.exposeString('message', { nullable: false, description: 'Error message.' }),
    retryAfter: t.exposeInt('retryAfter', {
      description: 'Seconds to wait before sending the rest. Null if unknown.',
    }),
  }),
});

/** A field of both payloads. */
const interruptionField = {
  type: BulkInterruption,
  description: 'The reason the bulk write stopped early. Null if everything was sent.',
  resolve: interruptionOf,
};

const BulkRowStatus = builder.enumType('BulkRowStatus', {
  description: 'Result of a row of a bulk write.',
  values: {
    SUCCEEDED: { description: 'Freshsales wrote the row.' },
    FAILED: { description: 'Freshsales refused the row. Nothing was changed.' },
    NOT_SENT: { description: 'The bulk write stopped before this row. Nothing was changed.' },
    UNKNOWN: {
      description: 'Freshsales accepted the row, but its outcome is unknown. Query bulkJob or read the record.',
    },
  } as const,
});

/** A row and its index in the input. */
interface IndexedRowResult extends RowResult {
  readonly index: number;
  readonly identifier: string;
}

const identifierField = { nullable: false, description: 'Identifier given for the row.' } as const;

const messagesField = {
  nullable: { list: false, items: false } as const,
  description: 'Reasons for the refusal, as returned by Freshsales.',
  resolve: ({ messages }: RowResult) => [...messages],
};

const BulkRow = builder.objectRef<IndexedRowResult>('BulkRow').implement({
  description: 'Result of one row of a bulk write.',
  fields: (t) => ({
    index: t.exposeInt('index', { nullable: false, description: 'Position in the input, starting at 0.' }),
    identifier: t.exposeString('identifier', identifierField),
    status: t.expose('status', { type: BulkRowStatus, nullable: false, description: 'Result of the row.' }),
    messages: t.stringList(messagesField),
    jobId: t.id({
      description: 'Id of the bulk job that contains the row. Pass it to bulkJob.',
      resolve: ({ jobId }) => jobId ?? null,
    }),
  }),
});

const BulkFailure = builder.objectRef<IndexedRowResult>('BulkFailure').implement({
  description: 'A row that Freshsales refused.',
  fields: (t) => ({
    identifier: t.exposeString('identifier', identifierField),
    messages: t.stringList(messagesField),
  }),
});

/** The result of a bulk upsert. */
export interface BulkUpsertResult extends BulkResult {
  readonly isUnsent?: boolean;
  /** The audit trail has these outcomes. */
  readonly isAudited?: boolean;
  readonly identifiers: readonly string[];
  readonly userErrors: readonly UserError[];
}

const placed = ({ results, identifiers }: BulkUpsertResult): IndexedRowResult[] =>
  results.map((fate, index) => ({ ...fate, index, identifier: identifiers[index] ?? '' }));

const countOf =
  (status: RowResult['status']) =>
  ({ results }: BulkUpsertResult): number =>
    results.filter((fate) => fate.status === status).length;

export const BulkUpsertPayload = builder.objectRef<BulkUpsertResult>('BulkUpsertPayload').implement({
  description: 'Result of a bulk upsert. The four counts add up to the number of rows given.',
  fields: (t) => ({
    succeeded: t.int({ nullable: false, description: 'Number of rows written.', resolve: countOf('SUCCEEDED') }),
    failed: t.int({
      nullable: false,
      description: 'Number of rows that Freshsales refused.',
      resolve: countOf('FAILED'),
    }),
    notSent: t.int({
      nullable: false,
      description: 'Number of rows not sent because the bulk write stopped early.',
      resolve: countOf('NOT_SENT'),
    }),
    unknown: t.int({
      nullable: false,
      description: 'Number of rows whose outcome is unknown.',
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
      description: 'All rows, in input order.',
      resolve: placed,
    }),
    jobIds: t.idList({
      nullable: { list: false, items: false },
      description: 'Ids of the bulk jobs. Pass one to bulkJob to follow it.',
      resolve: ({ results }) => [...new Set(results.flatMap(({ jobId }) => jobId ?? []))],
    }),
    interruption: t.field(interruptionField),
    userErrors: t.field(userErrorsField),
  }),
});

/** The result of a bulk operation on ids. */
export interface BulkIdsResult extends IdsResult {
  readonly isUnsent?: boolean;
  /** The audit trail has these outcomes. */
  readonly isAudited?: boolean;
  readonly type: string;
  readonly userErrors: readonly UserError[];
}

const gidsOf =
  (key: 'accepted' | 'notSent' | 'unknown') =>
  (result: BulkIdsResult): string[] =>
    result[key].map((id) => toGid(result.type, id));

const idList = { nullable: { list: false, items: false } as const };

export const BulkIdsPayload = builder.objectRef<BulkIdsResult>('BulkIdsPayload').implement({
  description:
    'Result of a bulk operation on ids. The three lists together contain every id given exactly once; all three are empty if userErrors gives reasons for a refusal.',
  fields: (t) => ({
    acceptedIds: t.idList({
      ...idList,
      description: 'Global ids that Freshsales accepted. It may process them later, as its message then says.',
      resolve: gidsOf('accepted'),
    }),
    notSentIds: t.idList({
      ...idList,
      description: 'Global ids not sent because the bulk operation stopped early.',
      resolve: gidsOf('notSent'),
    }),
    unknownIds: t.idList({
      ...idList,
      description: 'Global ids whose outcome is unknown.',
      resolve: gidsOf('unknown'),
    }),
    messages: t.stringList({
      ...idList,
      description: 'Messages returned by Freshsales, one per call.',
      resolve: ({ messages }) => [...messages],
    }),
    interruption: t.field(interruptionField),
    userErrors: t.field(userErrorsField),
  }),
});
