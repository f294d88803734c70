import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type DocumentNode, print } from 'graphql';
import type { TokenSigner } from '../stores/token-signer.ts';

/** What a confirmation covers. */
export interface Confirmed {
  readonly caller: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: unknown;
}

/** `unavailable`: it is not known if the token was used before. */
export type Redeemed = 'good' | 'not good' | 'unavailable';

/** A confirmation token. */
export interface Issued {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Issues and redeems single-use confirmation tokens. */
export interface Confirmations {
  /** Undefined while the signing secret is unavailable. */
  issue(confirmed: Confirmed): Promise<Issued | undefined>;
  redeem(token: string, confirmed: Confirmed): Promise<Redeemed>;
}

/** Long enough for a person to read a preview. */
const GOOD_FOR_MS = 300_000;

/** Tokens are valid on every server with the same signing secret. */
export function createConfirmations(signer: TokenSigner, now: () => number = Date.now): Confirmations {
  return {
    async issue(confirmed) {
      const secret = await signer.secret();
      if (!secret) return undefined;
      const nonce = randomBytes(16).toString('base64url');
      const expires = now() + GOOD_FOR_MS;
      const signature = sign(secret, { nonce, expires, confirmed }).toString('base64url');
      return { token: `${nonce}.${expires}.${signature}`, expiresAt: new Date(expires) };
    },
    async redeem(token, confirmed) {
      const [, nonce, digits, signature] = /^([\w-]{22})\.(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
      if (nonce === undefined || signature === undefined) return 'not good';
      const secret = await signer.secret();
      if (!secret) return 'unavailable';
      const expires = Number(digits);
      const given = Buffer.from(signature, 'base64url');
      const right = sign(secret, { nonce, expires, confirmed });
      if (given.length !== right.length || !timingSafeEqual(given, right) || expires < now()) return 'not good';
      const used = await signer.use(nonce, expires - now(), secret);
      if (used === undefined) return 'unavailable';
      return used ? 'good' : 'not good';
    },
  };
}

interface Signed {
  readonly nonce: string;
  readonly expires: number;
  readonly confirmed: Confirmed;
}

const sign = (secret: Buffer, { nonce, expires, confirmed }: Signed): Buffer =>
  createHmac('sha256', secret)
    .update(`${nonce} ${expires} ${digestOf(confirmed)}`)
    .digest();

/** Ignores white space and commas of the document, and the order of variables. */
const digestOf = ({ caller, document, operationName, variables }: Confirmed): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, print(document), operationName ?? null, sorted(variables)]))
    .digest('base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
