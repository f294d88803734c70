/** A request that ends at the entrance. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly code: string;
  /** The body is not JSON, which JSON-RPC has a code for. */
  readonly isParseError?: boolean;
  /** The id under which a fault of this server was reported. */
  readonly errorId?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Says a refusal in the form that the clients of a route read. */
export type Refuse = (refusal: Refusal) => Response;

const headersOf = ({ headers }: Refusal) => ({ ...headers, 'content-type': 'application/json; charset=utf-8' });

/** A refusal as a GraphQL response. */
export const refuseAsGraphQL: Refuse = (refusal) => {
  const { status, message, code, errorId } = refusal;
  const extensions = { code, ...(errorId !== undefined && { errorId }) };
  return Response.json({ errors: [{ message, extensions }] }, { status, headers: headersOf(refusal) });
};

/** Codes of JSON-RPC; everything else is an invalid request. */
const JSON_RPC_CODES: Readonly<Record<string, number>> = { INTERNAL_SERVER_ERROR: -32603, UNAUTHENTICATED: -32001 };
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

/** A refusal as a JSON-RPC response. No id: the message was not read. */
export const refuseAsJsonRpc: Refuse = (refusal) => {
  const { status, message, errorId } = refusal;
  const code = refusal.isParseError ? PARSE_ERROR : (JSON_RPC_CODES[refusal.code] ?? INVALID_REQUEST);
  const error = { code, message, ...(errorId !== undefined && { data: { errorId } }) };
  return Response.json({ jsonrpc: '2.0', error, id: null }, { status, headers: headersOf(refusal) });
};

/** A request that the caller can mend. */
export const badRequest = (message: string, status = 400, code = 'BAD_USER_INPUT'): Refusal => ({
  status,
  message,
  code,
});
