import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Resource } from '../../freshsales/resource.ts';
import { type Account, type Columns, isObject, type RecordSandbox } from '../account.ts';
import { broken, notFound, refuse } from '../answers.ts';
import type { Row } from '../store.ts';
import { rowOf } from '../writes/draft.ts';
import type { Stored, Written } from '../writes/write.ts';

export const unreadable = (): Response => refuse(400, 'Invalid or missing attributes');

type BodyOptions = Pick<RecordSandbox, 'breaksOnText'>;

/** The body of a write. Ends the request if it cannot be read. Some routes fail on a body that is not JSON. */
export async function bodyOf(c: Context, { breaksOnText = false }: BodyOptions = {}): Promise<Columns> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  const isJson = /json/i.test(c.req.header('content-type') ?? '');
  if (!isJson && breaksOnText) throw new HTTPException(500, { res: broken() });
  const body = isJson ? parse(text) : undefined;
  if (!isObject(body)) throw new HTTPException(400, { res: unreadable() });
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The attributes in the body of a write. Ends the request if it cannot be read. */
export const attributesOf = async (c: Context, one: string, options?: BodyOptions): Promise<Columns> =>
  attributesIn(await bodyOf(c, options), one);

/** The attributes of a record, with or without the wrapping key. */
export function attributesIn(body: Columns, one: string): Columns {
  const wrapped = body[one];
  if (isObject(wrapped)) return wrapped;
  return wrapped === null || typeof wrapped === 'string' ? {} : body;
}

/** The record whose id is in the path. Ends the request if there is none. */
export function rowIn(account: Account, { name, one }: Pick<Resource, 'name' | 'one'>, c: Context): Row {
  return found(rowOf(account, name, c.req.param('id')), one);
}

/** Ends the request if nothing was found. */
export function found<T>(record: T | undefined, one: string): T {
  if (record === undefined) throw new HTTPException(404, { res: notFound(one) });
  return record;
}

/** The written record. Ends the request if the write was refused. */
export function accepted(written: Written): Stored {
  if ('problems' in written) throw new HTTPException(400, { res: refuse(400, ...written.problems) });
  return written;
}
