import { createHash, randomBytes } from 'node:crypto';

/** Tokens look like this, so that people and secret scanners know one when they see it. */
const PREFIX = 'fsgql_';

/** A new token of 256 random bits. It is shown once; only its hash is kept. */
export const newToken = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;

/** What stands in the file in place of a token. A token is random and long, so a plain hash cannot be guessed back. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
