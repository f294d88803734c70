import { GraphQLError } from 'graphql';

/** Says what is wrong with an argument, and what would be right, before any call is spent. */
export const badInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** Says that this account's product has no such thing. */
export const notAvailable = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'NOT_AVAILABLE' } });

/** Whatever was thrown, as an error. */
export const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
