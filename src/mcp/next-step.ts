import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { AnswerError } from './ask.ts';
import { compactType, signatureOf } from './compact-sdl.ts';

/** What whoever gets this error can do next; nothing where the message says it all. */
export function nextStep({ message, extensions = {} }: AnswerError, schema: GraphQLSchema): string | undefined {
  switch (extensions.code) {
    case 'BAD_USER_INPUT':
    case 'GRAPHQL_VALIDATION_FAILED':
      return whatExists(message, schema);
    case 'RATE_LIMITED':
      return waitFor(extensions.retryAfter);
    case 'COST_LIMIT_EXCEEDED':
      return 'Ask for less, in several operations where need be; plan tells the cost of each without running it.';
    case 'CONFIRMATION_REQUIRED':
      return 'Nothing was done. If the preview is what is wanted, call again with the same query and variables and this confirmationToken.';
    case 'FORBIDDEN':
      return 'Not granted to you, and trying another way will not help. schema shows what you may use; the operator of this server can grant more.';
    case 'UNAUTHENTICATED':
      return 'The operator of this server has to mend the token or key.';
    case 'UPSTREAM_ERROR':
    case 'UPSTREAM_TIMEOUT':
      return extensions.outcome === 'UNKNOWN'
        ? 'Read the record before sending this again: it may have been done.'
        : 'Try again once; if it fails again, tell the user that Freshsales does not answer.';
    default:
      return undefined;
  }
}

function waitFor(seconds: unknown): string {
  if (typeof seconds !== 'number') return 'Wait before calling again; quota tells what is left.';
  const at = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');
  return `Wait ${seconds} seconds, until ${at}; calls before that fail as well. quota tells what is left.`;
}

/** Where a validation error names something of the schema that is not there, what is there in its place. */
function whatExists(message: string, schema: GraphQLSchema): string | undefined {
  const [, owner, name] = /on field "(\w+)\.(\w+)"/.exec(message) ?? [];
  if (owner && name) return fieldOf(schema, owner, name);
  const types = [...message.matchAll(/"\[?(\w+)/g)].flatMap(([, quoted = '']) => schema.getType(quoted) ?? []);
  for (const type of types) {
    if (isObjectType(type) || isInterfaceType(type))
      return `${type.name} has: ${Object.keys(type.getFields()).join(' ')}. Its types and arguments: schema with search “${type.name}”.`;
    if (isInputObjectType(type) || isEnumType(type)) return compactType(type);
  }
  return undefined;
}

function fieldOf(schema: GraphQLSchema, owner: string, name: string): string | undefined {
  const type = schema.getType(owner);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return field && `It is ${signatureOf(field)}`;
}
