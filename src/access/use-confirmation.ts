import { type ExecutionArgs, GraphQLError, getOperationAST } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { type Context, previewing } from '../context.ts';
import { selectedRootFields } from '../graph/root-fields.ts';
import { mustConfirm } from './confirmable.ts';
import { type Confirmed, createConfirmations } from './confirmation.ts';
import { writeOf } from './granted-schema.ts';

/**
 * Lets a caller who has to confirm deletes, erasures or bulk writes do none of them unseen: the first request is answered with
 * what would be done and a token, and done is what comes again with the token.
 */
export function useConfirmation(): Plugin<Context> {
  const confirmations = createConfirmations();
  return {
    onExecute({ args, extendContext }) {
      const context = args.contextValue;
      const { caller } = context;
      if (!caller || context.preview || !needsConfirming(args, caller.confirm)) return;
      const confirmed: Confirmed = {
        caller: caller.name,
        document: args.document,
        operationName: args.operationName,
        variables: args.variableValues,
      };
      const token = tokenIn(context);
      if (token !== undefined && confirmations.redeem(token, confirmed)) return;
      const seen = previewing(context);
      extendContext(seen);
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result) return;
          const { token: fresh, expiresAt } = confirmations.issue(confirmed);
          setResult({
            ...result,
            data: null,
            errors: [
              new GraphQLError(token === undefined ? ASK : NOT_GOOD, {
                extensions: {
                  code: 'CONFIRMATION_REQUIRED',
                  confirmationToken: fresh,
                  expiresAt: expiresAt.toISOString(),
                  preview: seen.preview.writes,
                },
              }),
            ],
          });
        },
      };
    },
  };
}

const HOW =
  'Look at the preview, and send the same operation with the same variables again, with extensions.confirmationToken or the header x-freshsales-confirm.';
const ASK = `Nothing was done yet: this has to be confirmed. ${HOW}`;
const NOT_GOOD = `Nothing was done: the confirmation is not of this operation, was used before, or is older than five minutes. ${HOW}`;

function needsConfirming(args: ExecutionArgs, confirm: Parameters<typeof mustConfirm>[0]): boolean {
  const { schema, document, operationName } = args;
  const operation = getOperationAST(document, operationName);
  const type = schema.getMutationType();
  if (confirm.length === 0 || operation?.operation !== 'mutation' || !type) return false;
  return selectedRootFields(document, operation).some((name) => {
    const write = writeOf(type.getFields()[name]?.extensions ?? {});
    return write !== undefined && mustConfirm(confirm, write.action);
  });
}

/** Of the request's extensions, or of a header. */
function tokenIn(context: Context): string | undefined {
  const { request, params } = context as Context & Partial<YogaInitialContext>;
  const given = params?.extensions?.confirmationToken ?? request?.headers.get('x-freshsales-confirm');
  return typeof given === 'string' && given !== '' ? given : undefined;
}
