import { blockFieldSuggestionsPlugin } from '@escape.tech/graphql-armor-block-field-suggestions';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { type ASTVisitor, GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationContext } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { parseShallow } from '../graph/parse-shallow.ts';
import { DEFAULT_MAX_CALLS } from '../quota/purse.ts';
import { maxFieldsRule } from './max-fields.ts';

/** How large an operation may be. Generous for nested CRM queries, and small enough that a hostile one is cheap. */
export interface Limits {
  /** Levels of selection; connections take two each (`nodes`, or `edges` and `node`). */
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxDirectives: number;
  /** Fields, counted as often as fragments bring them. */
  readonly maxFields: number;
  /** Words and marks of the document. */
  readonly maxTokens: number;
  /** Bytes of a request's body. */
  readonly maxBodyBytes: number;
  /** Freshsales calls that an operation may be planned to need, and that it may make. */
  readonly maxCalls: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxDepth: 20,
  maxAliases: 50,
  maxDirectives: 50,
  maxFields: 5000,
  maxTokens: 5000,
  maxBodyBytes: 1_000_000,
  maxCalls: DEFAULT_MAX_CALLS,
};

/** Limits on the document, checked before anything is resolved. */
export const useLimits = ({ maxDepth, maxAliases, maxDirectives, maxFields, maxTokens }: Limits): Plugin[] => [
  {
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseShallow(source, { ...options, maxTokens }));
    },
  },
  maxDepthPlugin({ n: maxDepth, flattenFragments: true }),
  maxAliasesPlugin({ n: maxAliases }),
  maxDirectivesPlugin({ n: maxDirectives }),
  {
    onValidate({ addValidationRule }) {
      addValidationRule(maxFieldsRule(maxFields));
      addValidationRule(aliasLengthRule);
    },
  },
];

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
