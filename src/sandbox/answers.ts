import { toJson } from './serialize.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** An answer with a JSON body. */
export const answer = (body: unknown, status = 200): Response =>
  new Response(toJson(body), { status, headers: JSON_TYPE });

/** The envelope of 400, 403 and 404: the message is a list of sentences. */
export const refuse = (code: number, ...message: string[]): Response => answer({ errors: { code, message } }, code);

export const unauthorised = (): Response => answer({ login: 'failed', message: null }, 401);

/** Also for an unknown view, and for a list without a view. */
export const forbidden = (): Response => refuse(403, 'You are not authorized to perform this operation.');

/** Freshsales' own wording, which calls an appointment a meeting. */
export function notFound(one: string): Response {
  const noun = one === 'appointment' ? 'meeting' : one.replaceAll('_', ' ');
  return refuse(404, `The ${noun} you're looking for is not in the CRM.`);
}

export const broken = (): Response => answer({ error_code: 500 }, 500);

export const tooMany = (): Response => answer({ message: 'Too many requests' }, 429);

const page = (status: number, title: string): Response =>
  new Response(`<!DOCTYPE html><html><head><title>${title}</title></head><body>${status}</body></html>`, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  });

/** Unknown paths get an HTML page, not JSON. */
export const noSuchRoute = (): Response => page(404, 'Not found');

/** The web page of a record type that the product does not have. */
export const forbiddenPage = (): Response => page(403, 'Forbidden');

/** The message of a call that starts a background job. */
export const inBackground = (doing: string): string => `${doing} now... we'll let you know once this is done.`;
