import { createHash, timingSafeEqual } from 'node:crypto';
import { StoreUnavailable } from '../stores/store.ts';
import type { Hint } from './recent-changes.ts';
import { hintsOf, problemOf, type WebhookPath } from './webhook-body.ts';

export interface WebhookSecret {
  readonly secret: string;
  /** Name of the header that the secret may come in, beside `Authorization`. */
  readonly header: string;
}

/** Tells whether a request has the secret: in its header, as Basic password, or as the whole `Authorization` header. */
export function createSecretCheck({ secret, header }: WebhookSecret): (headers: Headers) => boolean {
  const expected = digestOf(secret);
  return (headers) => {
    const authorization = headers.get('authorization') ?? '';
    const [, basic] = /^Basic\s+([\w+/=-]+)$/i.exec(authorization) ?? [];
    const decoded = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
    const given = [headers.get(header) ?? '', authorization, decoded.slice(decoded.indexOf(':') + 1)];
    // All are compared, so that the time tells nothing.
    return given
      .filter((each) => each !== '')
      .map((each) => isSame(each, expected))
      .some(Boolean);
  };
}

/** Compares digests, which have the same length. */
const isSame = (given: string, expected: Buffer): boolean => timingSafeEqual(digestOf(given), expected);

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** What became of a webhook. */
type Received =
  | { readonly hints: readonly Hint[] }
  | { readonly problem: string; readonly status: 400 | 503; readonly retryAfter?: number };

interface ReceivedWebhook {
  readonly path: WebhookPath;
  readonly body: string;
  readonly query: URLSearchParams;
}

/** Takes a webhook. The hints that it returns are durable. */
export async function receiveWebhook(
  { path, body, query }: ReceivedWebhook,
  take: (hints: readonly Hint[]) => Promise<void>,
): Promise<Received> {
  const hints = hintsOf(body, query, path);
  if (hints.length === 0) return { status: 400, problem: problemOf(body, path) };
  try {
    await take(hints);
    return { hints };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return { status: 503, problem: 'The change feed is not available. Send this again later.', retryAfter: 5 };
  }
}
