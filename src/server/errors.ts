import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { FreshsalesError } from '../freshsales/errors.ts';
import { causeOf, RecordError } from '../records/errors.ts';

export type Report = (id: string, error: unknown) => void;

/** Longest stack of a report. */
const MAX_FRAMES = 8;

/** The name and the stack of an error, but not its message, which may quote customer data. */
export function describeError(error: unknown): { readonly name: string; readonly stack: readonly string[] } {
  const isError = error instanceof Error;
  const frames = isError ? (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line)) : [];
  return { name: isError ? error.name : typeof error, stack: frames.slice(0, MAX_FRAMES) };
}

/**
 * Decides what a caller sees of an error. Expected failures keep their message and get a code. Any other error is our bug: it is
 * reported, and the caller sees only the id of the report.
 */
export const createMaskError =
  (report: Report) =>
  (error: unknown): Error => {
    if (!(error instanceof GraphQLError)) return visible(error) ?? masked(error, report);
    const { originalError } = error;
    if (originalError instanceof RecordError) {
      const { message, extensions } = shownOf(error, originalError.cause, report);
      return replaced(error, message, { ...extensions, record: originalError.record });
    }
    return shownOf(error, originalError, report);
  };

/** The error that a caller sees for a located error with this cause. */
function shownOf(error: GraphQLError, cause: Error | undefined, report: Report): GraphQLError {
  if (cause === undefined) return withCode(error);
  if (cause instanceof GraphQLError)
    return withCode(cause === error.originalError ? error : replaced(error, error.message, cause.extensions));
  const shown = visible(cause) ?? unfitting(error, cause) ?? masked(cause, report);
  return replaced(error, shown.message, shown.extensions);
}

const located = ({ nodes, source, positions, path }: GraphQLError) => ({
  nodes: nodes ?? null,
  source: source ?? null,
  positions: positions ?? null,
  path: path ?? null,
});

/** An error at the same place, without the original error. */
const replaced = (error: GraphQLError, message: string, extensions: GraphQLErrorExtensions): GraphQLError =>
  new GraphQLError(message, { ...located(error), extensions });

/** The same error with another message. */
export const withMessage = (error: GraphQLError, message: string): GraphQLError =>
  new GraphQLError(message, {
    ...located(error),
    originalError: error.originalError ?? null,
    extensions: error.extensions,
  });

/**
 * graphql-js sets no codes. Without a path, the error is about the request: syntax, validation, variables. With a path, a value
 * of Freshsales does not fit the schema, and the message quotes it, so it is replaced.
 */
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions.code !== undefined) return error;
  return error.path
    ? replaced(error, misfit(error), { code: 'UPSTREAM_ERROR' })
    : replaced(error, error.message, { ...error.extensions, code: 'BAD_USER_INPUT' });
}

const misfit = ({ path = [] }: GraphQLError): string =>
  `Freshsales sent something that does not fit ${path.filter((step) => typeof step === 'string').join('.')}.`;

/** Messages of plain errors that graphql-js throws for values that do not fit the schema. */
const MISFIT =
  /^Cannot return null for non-nullable|cannot represent|^Expected Iterable|^Cannot convert object to primitive value/;

const unfitting = (error: GraphQLError, { message }: Error): GraphQLError | undefined =>
  MISFIT.test(message) ? new GraphQLError(misfit(error), { extensions: { code: 'UPSTREAM_ERROR' } }) : undefined;

function visible(error: unknown): GraphQLError | undefined {
  if (error instanceof FreshsalesError) return ofFreshsales(error);
  if (error instanceof Error && error.name === 'AbortError')
    return new GraphQLError('The client closed the connection.', { extensions: { code: 'ABORTED' } });
  return undefined;
}

function ofFreshsales({ code, message, retryAfter, outcome }: FreshsalesError): GraphQLError {
  // Missing records are null where records are read, so this is a missing list or path.
  const shown = code === 'NOT_FOUND' ? 'UPSTREAM_ERROR' : code;
  return new GraphQLError(message, {
    extensions: { code: shown, ...(retryAfter !== undefined && { retryAfter }), ...(outcome && { outcome }) },
  });
}

function masked(error: unknown, report: Report): GraphQLError {
  const id = randomUUID();
  report(id, error);
  return new GraphQLError(`Something went wrong here. Quote ${id} when you report it.`, {
    extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: id },
  });
}

/** Characters of one message. graphql-js quotes whole values of the caller in each error about them. */
const MAX_MESSAGE = 2000;

/** Errors of one response. graphql-js stops validating after 100, but not executing. */
export const MAX_ERRORS = 1000;

/** The first errors, and how many more there are. Called before each is masked, which takes time. */
export function limitErrors(errors: readonly GraphQLError[], most = MAX_ERRORS): readonly GraphQLError[] {
  const [omitted] = errors.slice(most);
  return omitted ? [...errors.slice(0, most), andMore(errors.length - most, omitted)] : errors;
}

/** Limits the length of the errors in a response. */
export const useErrorLimits = (): Plugin => ({
  onResultProcess({ result, setResult }) {
    if (Symbol.asyncIterator in result || Array.isArray(result) || !result.errors) return;
    const { errors } = result;
    if (errors.some(({ message }) => message.length > MAX_MESSAGE))
      setResult({ ...result, errors: errors.map(shortened) });
  },
});

/** Omits the middle: a message begins with the place of the error and ends with the problem and the fix. */
export function shortened(error: GraphQLError): GraphQLError {
  const { message } = error;
  if (message.length <= MAX_MESSAGE) return error;
  const half = MAX_MESSAGE / 2;
  const omitted = message.length - MAX_MESSAGE;
  return withMessage(error, `${message.slice(0, half)}… [${omitted} characters omitted] …${message.slice(-half)}`);
}

function andMore(count: number, { extensions, originalError }: GraphQLError): GraphQLError {
  const cause = causeOf(originalError);
  const code = cause instanceof FreshsalesError ? cause.code : (extensions.code ?? 'UPSTREAM_ERROR');
  return new GraphQLError(`${count} more errors are not listed.`, { extensions: { code } });
}

/** The reason why a request is refused before it is executed. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  /** The body is not JSON. JSON-RPC has its own code for this. */
  readonly isParseError?: boolean;
  /** Id under which an internal error was reported. */
  readonly errorId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A refusal that the caller can fix. */
export const badRequest = (message: string, status = 400, code = 'BAD_USER_INPUT'): Refusal => ({
  status,
  message,
  code,
});

const STATUS: Readonly<Record<string, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UPSTREAM_ERROR: 502,
  SIGN_IN_UNAVAILABLE: 503,
  UPSTREAM_TIMEOUT: 504,
};

/** A masked error as a refusal. */
export function refusalFor(masked: Error): Refusal {
  const { code, errorId, retryAfter } = masked instanceof GraphQLError ? masked.extensions : {};
  const status = STATUS[String(code)] ?? 500;
  return {
    status,
    message: masked.message,
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    errorId: typeof errorId === 'string' ? errorId : undefined,
    headers: {
      ...(status === 401 && { 'www-authenticate': 'Bearer' }),
      ...(typeof retryAfter === 'number' && { 'retry-after': String(retryAfter) }),
    },
  };
}

/** Turns a refusal into the response format of a route. */
export type Refuse = (refusal: Refusal) => Response;

const headersOf = ({ headers }: Refusal) => ({ ...headers, 'content-type': 'application/json; charset=utf-8' });

/** A refusal as a GraphQL response. */
export const refuseAsGraphQL: Refuse = (refusal) => {
  const { status, message, code, errorId } = refusal;
  const extensions = { code, ...(errorId !== undefined && { errorId }) };
  return Response.json({ errors: [{ message, extensions }] }, { status, headers: headersOf(refusal) });
};

/** JSON-RPC codes. Every other refusal is an invalid request. */
const JSON_RPC_CODES: Readonly<Record<string, number>> = { INTERNAL_SERVER_ERROR: -32603, UNAUTHENTICATED: -32001 };
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

/** A refusal as a JSON-RPC response. The id is null because the message was not read. */
export const refuseAsJsonRpc: Refuse = (refusal) => {
  const { status, message, errorId } = refusal;
  const code = refusal.isParseError ? PARSE_ERROR : (JSON_RPC_CODES[refusal.code] ?? INVALID_REQUEST);
  const error = { code, message, ...(errorId !== undefined && { data: { errorId } }) };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status, headers: headersOf(refusal) });
};
