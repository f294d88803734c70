import { contextWith, originOf, type ToolCall } from '../access/audit/request-origin.ts';
import { idempotencyKeyProblem } from '../mutations/idempotency.ts';
import { badInput } from '../records/bad-input.ts';

/** One operation, as a tool was given it. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What is wished beside the operation, by the conventions of every GraphQL request to this server. */
export interface Wishes {
  /** Tell the cost, run nothing. */
  readonly dryRun?: boolean | undefined;
  /** Tell what mutations would do, do nothing. */
  readonly preview?: boolean | undefined;
  readonly confirmationToken?: string | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** An error as it stands in an answer. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The call of a tool that an operation comes from. */
export interface AskedBy extends ToolCall {
  readonly signal: AbortSignal;
}

/** Sends an operation on behalf of whoever called the tool. */
export type Ask = (operation: Operation, requestOptions: Wishes, by: AskedBy) => Promise<Answer>;

/** A function from request to answer, such as the GraphQL server. The second argument is its server context. */
export type Fetch = (request: Request, serverContext: object) => Response | Promise<Response>;

export interface GraphQLServer {
  readonly fetch: Fetch;
  readonly graphqlPath: string;
}

/**
 * Asks the server by the way everybody comes in, so that whoever asks is known, limited, charged and written down as for any
 * other operation, under the id of the request that called the tool.
 */
export const askOver =
  ({ fetch, graphqlPath }: GraphQLServer, from: Request): Ask =>
  async (operation, { idempotencyKey, ...extensions }, { signal, ...call }) => {
    const headers = new Headers({ 'content-type': 'application/json', accept: 'application/json' });
    const authorization = from.headers.get('authorization');
    if (authorization !== null) headers.set('authorization', authorization);
    if (idempotencyKey !== undefined) headers.set('idempotency-key', checkedKey(idempotencyKey));
    const body = JSON.stringify({ ...operation, extensions });
    const response = await fetch(
      new Request(new URL(graphqlPath, from.url), { method: 'POST', headers, body, signal: plain(signal) }),
      contextWith({ ...originOf(from), call }),
    );
    return (await response.json()) as Answer;
  };

/** A key that no header can hold is refused here, in the words that the server has for any other wrong key. */
function checkedKey(key: string): string {
  const problem = idempotencyKeyProblem(key);
  if (problem !== undefined) throw badInput(problem);
  return key;
}

/** The same signal with the reason that everybody knows; the transport has one of its own for clients that hang up. */
function plain(signal: AbortSignal): AbortSignal {
  const hangUp = new AbortController();
  if (signal.aborted) hangUp.abort();
  else signal.addEventListener('abort', () => hangUp.abort(), { once: true });
  return hangUp.signal;
}
