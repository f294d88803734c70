import { createHash } from 'node:crypto';
import {
  DirectiveLocation,
  GraphQLDirective,
  GraphQLError,
  GraphQLNonNull,
  type GraphQLResolveInfo,
  GraphQLString,
  getDirectiveValues,
} from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import { type Context, senderOf } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { type Done, type Keep, type Progress, RETRY_SECONDS } from '../stores/once.ts';

/** `createContact(…) @idempotent(key: "…")` runs once, however often it is sent. */
export const idempotentDirective = new GraphQLDirective({
  name: 'idempotent',
  description:
    'Runs a mutation once, however often it is sent with the same key within a day. Repeats return the first response and cost no call. The same key with other arguments is rejected. The Idempotency-Key header does the same for a whole request.',
  locations: [DirectiveLocation.FIELD],
  args: {
    key: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'A unique value for each intended change, such as a UUID. At most 255 characters.',
    },
  },
});

/** The result of a mutation, as plain data that can be stored. `isUnsent`: refused before any call, so the caller may fix it. */
interface Result {
  readonly isUnsent?: boolean;
}

/** Runs a mutation field, once if it has a key. With `isUnfinished`, a repeat goes on where an unfinished attempt ended. */
export async function once<T extends Result>(
  context: Context,
  info: GraphQLResolveInfo,
  args: object,
  work: (progress: Progress<T>) => Promise<T>,
  { isUnfinished }: Pick<Keep<T>, 'isUnfinished'> = {},
): Promise<T> {
  const key = keyOf(context, info);
  const print = createHash('sha256')
    .update(`${info.fieldName} ${JSON.stringify(args)}`)
    .digest('hex');
  const keep = { value: isSent, error: isUncertain, own: isAbort, ...(isUnfinished && { isUnfinished }) };
  // A preview does nothing and does not use the key.
  if (key === undefined || context.preview) {
    const repeated = key === undefined ? undefined : await repeatedResult(context, { key, print, keep });
    return repeated ?? work({ last: undefined, save: async () => {} });
  }
  return resultOf(await context.once.run(key, print, work, keep));
}

const isSent = ({ isUnsent }: Result): boolean => isUnsent !== true;

function resultOf<T>(done: Done<T>): T {
  if (done.kind === 'done') return done.value;
  throw failureOf(done);
}

interface Repeat<T> {
  readonly key: string;
  readonly print: string;
  readonly keep: Keep<T>;
}

/** The stored result of a mutation that would have to be confirmed otherwise. Undefined if it did not run yet, which it does not here. */
async function repeatedResult<T extends Result>(
  { preview, once: repeats }: Pick<Context, 'preview' | 'once'>,
  { key, print, keep }: Repeat<T>,
): Promise<T | undefined> {
  if (!preview?.repeats) return undefined;
  // Those who wait for this attempt do the work themselves, as after an abort.
  const nothing = async (): Promise<never> => {
    throw new DOMException('The mutation did not run yet.', 'AbortError');
  };
  try {
    const value = resultOf(await repeats.run(key, print, nothing, keep));
    preview.repeats.count += 1;
    return value;
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  }
}

/** The error for a key without a result. */
function failureOf(done: Exclude<Done<never>, { kind: 'done' }>): Error {
  if (done.kind === 'reused')
    return badInput(
      'This idempotency key was already used with another mutation or other arguments. Use a new key for each change.',
    );
  if (done.kind === 'unavailable') return unavailable(done.isUnderWay);
  return new GraphQLError(LOST, { extensions: { code: 'UPSTREAM_ERROR', outcome: 'UNKNOWN' } });
}

const LOST =
  'The server that ran this mutation stopped before it finished. The outcome is unknown, and it was not retried. Read the record, or look it up by a unique value, before you send this again with another key.';

/** A write with a key is refused if running it once cannot be guaranteed. */
function unavailable(isUnderWay: boolean): GraphQLError {
  const done = isUnderWay
    ? 'Another server runs this request, and its outcome is unknown'
    : 'Nothing was done by this request, and whether this idempotency key was used before is unknown';
  return new GraphQLError(
    `${done}, because this server cannot reach the Redis that it shares with others. Send it again with the same key in ${RETRY_SECONDS} seconds; if that fails as well, tell the operator of this server.`,
    {
      extensions: {
        code: 'IDEMPOTENCY_UNAVAILABLE',
        retryAfter: RETRY_SECONDS,
        outcome: isUnderWay ? 'UNKNOWN' : 'NOT_DONE',
      },
    },
  );
}

/** Characters of an HTTP header: printable Latin-1. */
const HEADER_TEXT = /^[\x20-\x7e\xa0-\xff]*$/;

/** The reason why a text is not a valid idempotency key. Undefined if it is one. */
export function idempotencyKeyProblem(key: string): string | undefined {
  const isKey = key.trim() !== '' && key.length <= 255 && HEADER_TEXT.test(key);
  return isKey
    ? undefined
    : 'An idempotency key must have 1 to 255 printable Latin-1 characters. Use a UUID, for example.';
}

function keyOf({ idempotencyKey, caller }: Context, info: GraphQLResolveInfo): string | undefined {
  const [node] = info.fieldNodes;
  const values = node && getDirectiveValues(idempotentDirective, node, info.variableValues);
  const given = values?.key ?? idempotencyKey;
  if (typeof given !== 'string') return undefined;
  const problem = idempotencyKeyProblem(given);
  if (problem !== undefined) throw badInput(problem);
  // A key in the header applies to the whole request. Response names tell its mutations apart.
  const place = values?.key === undefined ? `request ${given} ${String(info.path.key)}` : `field ${given}`;
  // Callers and people may share a Freshsales key, and must not reach each other's results.
  return `${caller ? senderOf(caller) : ''} ${place}`;
}

/** True for a failure that must be stored, because the write may have happened. Unsent writes may run again. */
function isUncertain(error: unknown): boolean {
  if (error instanceof FreshsalesError) return error.outcome === 'UNKNOWN';
  return !(error instanceof GraphQLError) && !isAbort(error);
}

const isAbort = (error: unknown): boolean =>
  error instanceof FreshsalesError ? error.code === 'ABORTED' : error instanceof Error && error.name === 'AbortError';
