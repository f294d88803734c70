import { FreshsalesError } from '../freshsales/errors.ts';
import { toTime } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import type { Args, FieldCost } from '../records/field-needs.ts';
import { keepAnswer } from '../records/record-store.ts';
import { type RecordType, readCall } from '../records/record-type.ts';
import { builder } from '../schema/builder.ts';
import { changesTags, mergeTags } from './tags.ts';
import type { Draft } from './writable.ts';

/** The condition of a write. */
export interface Condition {
  readonly ifUpdatedAt?: Date | null | undefined;
}

const hasUpdatedAt = ({ fetch, blank }: RecordType): boolean => fetch.length > 0 && 'updated_at' in blank;

/** The `ifUpdatedAt` argument, for record types that can be read by id and say when they were updated. */
export function conditionArgs(recordType: RecordType) {
  const args = builder.args((t) => ({
    ifUpdatedAt: t.field({
      type: 'DateTime',
      description:
        'Write only if this is still the updatedAt of the record, to the second; otherwise nothing is changed and userErrors has the code CONFLICT. Freshsales has no such condition: the record is read right before the write, for one more call, and a change by another system in between is not noticed.',
    }),
  }));
  return hasUpdatedAt(recordType) ? args : ({} as typeof args);
}

/** Reads the record before its write, if the write has a condition or changes some of the tags. */
export const readFirst = {
  cost: (recordType: RecordType, { ifUpdatedAt, input }: Args): FieldCost[] =>
    ifUpdatedAt || changesTags(input) ? [{ calls: 1, call: readCall(recordType) }] : [],
  run: readCurrent,
};

/** True if the record must be read before the write. */
export const isReadFirst = ({ tags }: Draft, { ifUpdatedAt }: Condition): boolean => Boolean(ifUpdatedAt || tags);

interface Reading {
  readonly draft: Draft;
  readonly id: string;
  readonly condition: Condition;
  /** Requested where the record may turn out not to be written. */
  readonly include?: readonly string[];
}

/** Reads the record past the cache, checks the condition, and changes its tags in the draft. */
async function readCurrent(
  context: Context,
  recordType: RecordType,
  { draft, id, condition, include = [] }: Reading,
): Promise<void> {
  if (draft.userErrors.length > 0 || id === '' || !isReadFirst(draft, condition)) return;
  const answer = await beforehand(() => context.freshsales.getFresh(recordType, id, include));
  if (!answer) {
    draft.refuse(['id'], 'The record does not exist, or the API key may not see it.', 'NOT_FOUND');
    return;
  }
  if (condition.ifUpdatedAt) checkUpdatedAt(context, draft, { row: answer.row, expected: condition.ifUpdatedAt });
  mergeTags(draft, answer.row);
  keepAnswer(context, recordType, answer, include);
}

/** Times that differ by less may be the same: some responses have milliseconds, others do not. */
const TOLERANCE_MS = 1000;

function checkUpdatedAt(
  { freshsales }: Context,
  draft: Draft,
  { row, expected }: { row: object; expected: Date },
): void {
  const updatedAt = toTime('updated_at' in row ? row.updated_at : null, freshsales.timeZone);
  const isSame = updatedAt && Math.abs(Date.parse(updatedAt) - expected.getTime()) < TOLERANCE_MS;
  if (isSame) return;
  const message = updatedAt
    ? `The record was updated at ${updatedAt}. Read it again before you change it.`
    : 'Freshsales did not say when the record was updated, so ifUpdatedAt cannot be checked.';
  draft.refuse(['ifUpdatedAt'], message, 'CONFLICT');
}

/** A failed read before the write has the outcome NOT_DONE. */
export async function beforehand<T>(check: () => Promise<T> | T): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof FreshsalesError) error.outcome ??= 'NOT_DONE';
    throw error;
  }
}
