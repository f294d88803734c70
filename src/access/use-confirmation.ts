import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { collectFields } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLObjectType,
  getArgumentValues,
  getOperationAST,
  type OperationDefinitionNode,
  print,
} from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { Action } from '../freshsales/writes.ts';
import { andThen } from '../maybe-promise.ts';
import { fragmentsOf } from '../planner/document.ts';
import { coerceVariables } from '../planner/operation.ts';
import { type Context, previewing, senderOf } from '../records/context.ts';
import { sourceOf } from '../records/field-needs.ts';
import { createMemoryStore } from '../stores/memory/memory-store.ts';
import { RETRY_SECONDS } from '../stores/once.ts';
import { createTokenSigner, type TokenSigner } from '../stores/token-signer.ts';
import type { Caller } from './callers.ts';
import type { Confirmable } from './callers-file.ts';

/** Answers a write that needs a confirmation with a preview and a token. The write runs when it is sent again with the token. */
export function useConfirmation(
  callerOf: (request: Request) => Caller | undefined,
): Plugin<Context & YogaInitialContext> {
  const localSigner = createTokenSigner(createMemoryStore());
  return {
    onExecute({ args, extendContext, setResultAndStopExecution: stop }) {
      const context = args.contextValue;
      const { request, signer = localSigner } = context;
      const caller = callerOf(request);
      if (!caller || context.preview || !needsConfirming(args, caller)) return;
      const token = tokenIn(context);
      return andThen(answerTo(token, createConfirmations(signer), confirmedBy(caller, args)), (answer) => {
        if (answer === 'confirmed') return;
        if (answer === 'unavailable') return stop({ data: null, errors: [unavailable()] });
        const { freshsales, preview } = previewing(context);
        const repeats = { count: 0 };
        extendContext({ freshsales, preview: { ...preview, repeats } });
        return {
          onExecuteDone({ result, setResult }) {
            if (Symbol.asyncIterator in result) return;
            // An error of the preview would also be an error after the confirmation.
            if (result.errors?.length) return setResult({ ...result, data: null });
            const { writes } = preview;
            // User errors prevent every call, and repeats need none, so there is nothing to confirm.
            if (writes.length + repeats.count > 0 && writes.every(({ call }) => call === undefined))
              return extendContext({ preview: undefined });
            const error = toBeConfirmed(token === undefined ? ASK : NOT_GOOD, answer, writes);
            setResult({ ...result, data: null, errors: [error] });
          },
        };
      });
    },
  };
}

const confirmedBy = (
  caller: Caller,
  { document, operationName, variableValues: variables }: ExecutionArgs,
): Confirmed => ({ caller: senderOf(caller), document, operationName, variables });

/** Redeems a token, or issues one. */
async function answerTo(
  token: string | undefined,
  confirmations: Confirmations,
  confirmed: Confirmed,
): Promise<'confirmed' | 'unavailable' | Issued> {
  const redeemed = token === undefined ? 'not good' : await confirmations.redeem(token, confirmed);
  if (redeemed === 'good') return 'confirmed';
  return (redeemed === 'not good' ? await confirmations.issue(confirmed) : undefined) ?? 'unavailable';
}

const toBeConfirmed = (message: string, { token, expiresAt }: Issued, preview: readonly object[]): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'CONFIRMATION_REQUIRED',
      confirmationToken: token,
      expiresAt: expiresAt.toISOString(),
      preview,
    },
  });

const HOW =
  'Look at the preview, and send the same operation with the same variables again, with extensions.confirmationToken or the header x-freshsales-confirm.';
const ASK = `Nothing was done yet: this has to be confirmed. ${HOW}`;
const NOT_GOOD = `Nothing was done: the confirmation is not of this operation, was used before, or is older than five minutes. ${HOW}`;

const unavailable = (): GraphQLError =>
  new GraphQLError(
    `Nothing was done. This needs a confirmation, and confirmations are unavailable because this server cannot reach Redis. Try again in ${RETRY_SECONDS} seconds. If the problem persists, tell the operator of this server.`,
    { extensions: { code: 'CONFIRMATION_UNAVAILABLE', retryAfter: RETRY_SECONDS } },
  );

function needsConfirming(args: ExecutionArgs, caller: Caller): boolean {
  const { schema, document, operationName } = args;
  const operation = getOperationAST(document, operationName);
  const type = schema.getMutationType();
  if (caller.confirm.length === 0 || operation?.operation !== 'mutation' || !type) return false;
  return mustConfirm(caller, writesOf(args, operation, type));
}

/** The mutations that will run, with the number of records each writes. */
function writesOf(
  { schema, document, variableValues: given }: ExecutionArgs,
  operation: OperationDefinitionNode,
  type: GraphQLObjectType,
): CountedWrite[] {
  const variables = coerceVariables(schema, operation, given, 1).coerced;
  // The executor refuses invalid variables before it runs anything.
  if (!variables) return [];
  const fragments = Object.fromEntries(fragmentsOf(document));
  const { fields } = collectFields(schema, fragments, variables, type, operation.selectionSet);
  return [...fields.values()].flatMap(([node]) => {
    const field = node && type.getFields()[node.name.value];
    const write = field && sourceOf(field.extensions).write;
    if (!node || !write) return [];
    return [{ action: write.action, records: countOf(() => write.records(getArgumentValues(field, node, variables))) }];
  });
}

/** The executor refuses a field with invalid arguments. */
function countOf(count: () => number): number {
  try {
    return count();
  } catch (error) {
    if (error instanceof GraphQLError) return 0;
    throw error;
  }
}

/** From the extensions or the header of the request. */
function tokenIn({ request, params }: YogaInitialContext): string | undefined {
  const given = params.extensions?.confirmationToken ?? request.headers.get('x-freshsales-confirm');
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** A mutation of a request. */
interface CountedWrite {
  readonly action: Action;
  readonly records: number;
}

const KINDS: Readonly<Partial<Record<Action, Confirmable>>> = {
  delete: 'delete',
  bulkDelete: 'delete',
  forget: 'forget',
};

/** True if a request with these writes needs a confirmation. The records of all its mutations are added up. */
export function mustConfirm(
  { confirm, bulkFrom }: Pick<Caller, 'confirm' | 'bulkFrom'>,
  writes: readonly CountedWrite[],
): boolean {
  if (writes.some(({ action }) => confirm.some((kind) => kind === KINDS[action]))) return true;
  return confirm.includes('bulk') && writes.reduce((sum, { records }) => sum + records, 0) >= bulkFrom;
}

/** The scope of a confirmation. */
export interface Confirmed {
  readonly caller: string;
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  readonly variables: unknown;
}

/** `unavailable`: it is not known if the token was used before. */
type Redeemed = 'good' | 'not good' | 'unavailable';

/** A confirmation token. */
interface Issued {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Issues and redeems single-use confirmation tokens. */
interface Confirmations {
  /** Undefined while the signing secret is unavailable. */
  issue(confirmed: Confirmed): Promise<Issued | undefined>;
  redeem(token: string, confirmed: Confirmed): Promise<Redeemed>;
}

/** Long enough for a person to read a preview. */
const GOOD_FOR_MS = 300_000;

/** Tokens are valid on every server with the same signing secret. */
export function createConfirmations(signer: TokenSigner, now: () => number = Date.now): Confirmations {
  return {
    async issue(confirmed) {
      const secret = await signer.secret();
      if (!secret) return undefined;
      const nonce = randomBytes(16).toString('base64url');
      const expires = now() + GOOD_FOR_MS;
      const signature = sign(secret, { nonce, expires, confirmed }).toString('base64url');
      return { token: `${nonce}.${expires}.${signature}`, expiresAt: new Date(expires) };
    },
    async redeem(token, confirmed) {
      const [, nonce, digits, signature] = /^([\w-]{22})\.(\d{1,15})\.([\w-]{43})$/.exec(token) ?? [];
      if (nonce === undefined || signature === undefined) return 'not good';
      const secret = await signer.secret();
      if (!secret) return 'unavailable';
      const expires = Number(digits);
      const given = Buffer.from(signature, 'base64url');
      const right = sign(secret, { nonce, expires, confirmed });
      if (given.length !== right.length || !timingSafeEqual(given, right) || expires < now()) return 'not good';
      const used = await signer.use(nonce, expires - now(), secret);
      if (used === undefined) return 'unavailable';
      return used ? 'good' : 'not good';
    },
  };
}

interface Signed {
  readonly nonce: string;
  readonly expires: number;
  readonly confirmed: Confirmed;
}

const sign = (secret: Buffer, { nonce, expires, confirmed }: Signed): Buffer =>
  createHmac('sha256', secret)
    .update(`${nonce} ${expires} ${digestOf(confirmed)}`)
    .digest();

/** Ignores white space and commas of the document, and the order of variables. */
const digestOf = ({ caller, document, operationName, variables }: Confirmed): string =>
  createHash('sha256')
    .update(JSON.stringify([caller, print(document), operationName ?? null, sorted(variables)]))
    .digest('base64url');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
