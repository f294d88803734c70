import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../records/context.ts';
import { andThen } from '../records/maybe-promise.ts';

/** Wrong variables that are told at once. Each error quotes the whole variable, which may be a megabyte. */
const MAX_COERCION_ERRORS = 10;

/**
 * Executes with graphql-js in place of yoga's own executor, which puts fields that take longer behind the others. The
 * specification wants them in the order in which they were asked for, and people read them that way.
 *
 * Where an error takes the whole answer with it, graphql-js answers at once, and lets go on what is under way. Here nothing goes
 * on after the answer: it tells what the operation has cost.
 */
export const useGraphQLJs = (): Plugin<Context> => ({
  onExecute({ setExecuteFn }) {
    setExecuteFn((args) =>
      andThen(execute({ ...args, options: { maxCoercionErrors: MAX_COERCION_ERRORS } }), (result) =>
        andThen((args.contextValue as Context).budget.close(), () => result),
      ),
    );
  },
});
