import type { Context } from 'hono';
import { type Columns, isObject, type RecordSandbox } from '../account.ts';
import { broken, refuse } from '../answers.ts';

/** The body of a write, or the error response if it cannot be read. Some routes fail on a body that is not JSON. */
export async function bodyOf(
  c: Context,
  { breaksOnText = false }: Pick<RecordSandbox, 'breaksOnText'> = {},
): Promise<Columns | Response> {
  const text = await c.req.text();
  if (text.trim() === '') return {};
  if (!/json/i.test(c.req.header('content-type') ?? '')) return breaksOnText ? broken() : unreadable();
  const body = parse(text);
  return isObject(body) ? body : unreadable();
}

/** The attributes of a record, with or without the wrapping key. */
export function attributesIn(body: Columns, one: string): Columns {
  const wrapped = body[one];
  if (isObject(wrapped)) return wrapped;
  return wrapped === null || typeof wrapped === 'string' ? {} : body;
}

export const unreadable = (): Response => refuse(400, 'Invalid or missing attributes');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
