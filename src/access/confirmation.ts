import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type DocumentNode, print } from 'graphql';
import type { TokenSigner } from '../stores/token-signer.ts';

/** What a confirmation is for: this operation, with these variables, by this caller, and nothing else. */
export interface Confirmed {
  readonly caller: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: unknown;
}

/** What became of a token: it is good and used up by that, or not good, or it cannot be told whether it was used before. */
export type Redeemed = 'good' | 'not good' | 'unavailable';

/** A token, and when it runs out. */
export interface Issued {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Gives tokens that confirm one operation once, and takes them. */
export interface Confirmations {
  /** A token; none while there is nothing to sign it with. */
  issue(confirmed: Confirmed): Promise<Issued | undefined>;
  redeem(token: string, confirmed: Confirmed): Promise<Redeemed>;
}

/** Long enough for a person to read a preview. */
const GOOD_FOR_MS = 300_000;

/** A token is good wherever there is the seal that it was signed with. */
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

/** Spaces and commas of the document do not matter, nor does the order in which variables stand. */
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
