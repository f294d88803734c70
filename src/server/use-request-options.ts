import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { unclearWish } from './request-options.ts';

/** Refuses requests that do not say clearly whether they are to be executed, before anything is done for them. */
export const useRequestOptions = (): Plugin => ({
  onParams({ request, params }) {
    const message = unclearWish({ headers: request.headers, extensions: params.extensions });
    if (message !== undefined)
      throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  },
});
