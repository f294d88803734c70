import { GraphQLError } from 'graphql';

/** Why a request is refused before it is executed. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  /** The body is not JSON. JSON-RPC has a code of its own for this. */
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
