import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';

export type Report = (id: string, error: unknown) => void;

/**
 * The one place that decides which failures a caller sees. What was made to be seen passes with a code; anything else is
 * our own fault, and all the caller learns is the id under which it was reported.
 */
export const createMaskError =
  (report: Report) =>
  (error: unknown): Error => {
    if (!(error instanceof GraphQLError)) return visible(error) ?? masked(error, report);
    const { originalError } = error;
    if (originalError === undefined || originalError instanceof GraphQLError) return withCode(error);
    const shown = visible(originalError) ?? unfitting(error, originalError) ?? masked(originalError, report);
    return new GraphQLError(shown.message, { ...located(error), extensions: shown.extensions });
  };

const located = ({ nodes, source, positions, path }: GraphQLError) => ({
  nodes: nodes ?? null,
  source: source ?? null,
  positions: positions ?? null,
  path: path ?? null,
});

/**
 * Errors of graphql-js itself carry no code. Before execution (syntax, validation, variables) they are the caller's to mend;
 * with a path, they say that a value from Freshsales does not fit the schema, and quote it, which is nobody's business.
 */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions.code !== undefined) return error;
  if (error.path) return new GraphQLError(misfit(error), { ...located(error), extensions: { code: 'UPSTREAM_ERROR' } });
  return new GraphQLError(error.message, {
    ...located(error),
    extensions: { ...error.extensions, code: 'BAD_USER_INPUT' },
  });
}

const misfit = ({ path = [] }: GraphQLError): string =>
  `Freshsales sent something that does not fit ${path.filter((step) => typeof step === 'string').join('.')}.`;

/** What graphql-js says, in plain errors, of values that do not fit: a null where one is promised, another kind of value, no list. */
const MISFIT =
  /^Cannot return null for non-nullable|cannot represent|^Expected Iterable|^Cannot convert object to primitive value/;

const unfitting = (error: GraphQLError, { message }: Error): GraphQLError | undefined =>
  MISFIT.test(message) ? new GraphQLError(misfit(error), { extensions: { code: 'UPSTREAM_ERROR' } }) : undefined;

function visible(error: unknown): GraphQLError | undefined {
  if (error instanceof FreshsalesError) return ofFreshsales(error);
  if (isAbort(error)) return new GraphQLError('The client hung up.', { extensions: { code: 'ABORTED' } });
  return undefined;
}

function ofFreshsales({ code, message, retryAfter, outcome }: FreshsalesError): GraphQLError {
  // A record that is not there is null where records are read; a list or a path that is not there is a fault.
  const shown = code === 'NOT_FOUND' ? 'UPSTREAM_ERROR' : code;
  return new GraphQLError(message, {
    extensions: { code: shown, ...(retryAfter !== undefined && { retryAfter }), ...(outcome && { outcome }) },
  });
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

function masked(error: unknown, report: Report): GraphQLError {
  const id = randomUUID();
  report(id, error);
  return new GraphQLError(`Something went wrong here. Quote ${id} when you report it.`, {
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: id },
  });
}
