import { GraphQLError } from 'graphql';
import { badInput } from '../records/errors.ts';
import type { LogBounds } from '../stores/store.ts';

/** A place in a feed: after this position. */
interface Cursor {
  /** The beginning of the id of the feed. */
  readonly feed: string;
  readonly position: number;
  /** Time of the change at that position, in milliseconds since 1970. */
  readonly at: number;
}

const ID_LENGTH = 13;

export const toCursor = (feedId: string, position: number, at: number): string =>
  Buffer.from(`${feedId.slice(0, ID_LENGTH)} ${position.toString(36)} ${at.toString(36)}`).toString('base64url');

const SHAPE = /^([\w-]{13}) ([0-9a-z]{1,11}) ([0-9a-z]{1,9})$/;

/** Reads a cursor. Throws if it is malformed, of another feed, or older than what the feed keeps. */
export function readCursor(text: string, { id, first, last }: LogBounds): Cursor {
  const [, feed = '', position = '', at = ''] =
    SHAPE.exec(text.length > 100 ? '' : Buffer.from(text, 'base64url').toString('latin1')) ?? [];
  if (feed === '' || toCursor(feed, Number.parseInt(position, 36), Number.parseInt(at, 36)) !== text)
    throw badInput('“after” is not a cursor of the change feed. Use a cursor of a change, or endCursor.');
  const cursor = { feed, position: Number.parseInt(position, 36), at: Number.parseInt(at, 36) };
  if (feed !== id.slice(0, ID_LENGTH) || cursor.position > last)
    throw missed('The cursor belongs to another change feed, for example one that was deleted.', cursor);
  if (cursor.position + 1 < first)
    throw missed('The cursor has expired: the change feed no longer keeps the changes after it.', cursor);
  return cursor;
}

/** The changes after a cursor are lost. The caller has to read the records themselves. */
function missed(problem: string, { at }: Cursor): GraphQLError {
  const syncFrom = new Date(at).toISOString();
  return new GraphQLError(
    `${problem} Take a new cursor from changes(first: 0), read all records that changed since ${syncFrom}, and continue after the new cursor.`,
    { extensions: { code: 'BAD_USER_INPUT', syncFrom } },
  );
}
