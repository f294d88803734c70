import { createContextCache } from '@pothos/core';
import { GraphQLError } from 'graphql';
import type { WriteOutcome } from '../freshsales/errors.ts';
import { isMissingIn, missingMessage } from '../freshsales/products.ts';
import type { Operation } from './record-type.ts';

/** Says what is wrong with an argument, and what would be right, before any call is spent. */
export const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Says that this account's product has no such thing. */
export const notAvailable = (message: string, details: { readonly outcome?: WriteOutcome } = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'NOT_AVAILABLE', ...details } });

/** Refuses a record type or lookup, or columns of one, that the product of the account does not have. `what`: its name for the caller. */
export function requireProduct(
  { freshsales: { product } }: Pick<Operation, 'freshsales'>,
  { table, what, parts }: { readonly table: string; readonly what: string; readonly parts?: readonly string[] },
): void {
  if (isMissingIn(product, table, parts)) throw notAvailable(missingMessage(product, table, what));
}

/** An error about one record. The server adds the global id of the record to the error's extensions. */
export class RecordError extends Error {
  readonly record: string;
  override readonly cause: Error;

  constructor(record: string, cause: Error) {
    super(cause.message);
    this.record = record;
    this.cause = cause;
  }
}

/** The error itself, whatever record it is about. */
export const causeOf = (error: unknown): unknown => (error instanceof RecordError ? error.cause : error);

/** Whatever was thrown, as an error. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

/** Errors of fields that have a value nevertheless. They are added to the answer. */
export const partialErrorsOf = createContextCache((_operation: object): GraphQLError[] => []);
