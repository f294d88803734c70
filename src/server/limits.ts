import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import { type ASTVisitor, GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Limits } from '../config/limits.ts';
import { parseShallow } from '../planner/document.ts';
import { exceededLimit } from '../planner/document-limits.ts';
import { exceededUses, refuseUnsafeVariables } from './variable-limits.ts';

/**
 * Limits on variables and the document. They hold before the document is validated, and nothing but the audit log sees a document
 * that exceeds them: validation, planning and execution spread every fragment.
 */
export const useLimits = ({ maxTokens, ...limits }: Limits): Plugin => ({
  onParams: ({ params }) => refuseUnsafeVariables(params),
  onParse({ setParseFn }) {
    setParseFn((source, options) => parseShallow(source, { ...options, maxTokens }));
    return ({ result, replaceParseResult }) => {
      const error = result instanceof Error ? undefined : exceededLimit(result, limits);
      if (error) replaceParseResult(error);
    };
  },
  onValidate({ addValidationRule }) {
    addValidationRule(aliasLengthRule);
  },
  onExecute({ args, setResultAndStopExecution }) {
    const error = exceededUses(args, USES_PER_BODY * limits.maxBodyBytes);
    if (error) setResultAndStopExecution({ errors: [error] });
  },
});

/** As many request bodies may variables amount to, counted as often as they are used. */
const USES_PER_BODY = 4;

/** An alias is written once in a document, and once for each row in the answer. */
const MAX_ALIAS_LENGTH = 200;

const aliasLengthRule = (context: ValidationContext): ASTVisitor => ({
  Field({ alias }) {
    if (!alias || alias.value.length <= MAX_ALIAS_LENGTH) return;
    const message = `An alias has ${alias.value.length} characters. Use at most ${MAX_ALIAS_LENGTH}.`;
    context.reportError(new GraphQLError(message, { nodes: alias, extensions: { code: 'BAD_USER_INPUT' } }));
  },
});

/** In production the schema is not told to strangers: no introspection, no “did you mean”. */
export const useSecrecy = (): Plugin[] => [
  blockFieldSuggestionsPlugin(),
  {
    onValidate({ addValidationRule }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
    },
  },
];
