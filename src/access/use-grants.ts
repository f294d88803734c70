import { GraphQLError, type GraphQLSchema, validate } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { deniedParts } from './denied-parts.ts';
import { deniedValues } from './denied-values.ts';
import type { Policies } from './policy.ts';

const forbidden = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

/**
 * Looks over the whole operation before any of it runs. A caller's operation is checked against the part of the schema it may
 * use, so nothing of the rest is told; what would be valid in the whole schema is refused by the name of the grant it lacks.
 */
export const useGrants = (policies: Policies): Plugin => ({
  onValidate({ params }) {
    const policy = policies.ofSchema(params.schema as GraphQLSchema);
    return ({ valid, setResult }) => {
      if (valid || !policy || validate(policy.full, params.documentAST).length > 0) return;
      const denied = deniedParts(policy, params.documentAST);
      if (denied.length > 0) setResult(denied.map(forbidden));
    };
  },
  onExecute({ args, setResultAndStopExecution }) {
    const policy = policies.ofSchema(args.schema);
    if (!policy) return;
    const denied = deniedValues(policy, args);
    if (denied.length > 0) setResultAndStopExecution({ errors: denied.map(forbidden) });
  },
});
