import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  TypeInfo,
  TypeNameMetaFieldDef,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { seesOneOwner } from '../access/permissions.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { andThen } from '../maybe-promise.ts';
import type { Observer } from '../observability/use-observer.ts';
import { isStreamed } from '../planner/incremental.ts';
import { planOf } from '../planner/plan.ts';
import type { TracedCall } from '../quota/operation-budget.ts';
import type { Account, Context } from '../records/context.ts';
import { causeOf } from '../records/errors.ts';
import { sourceOf } from '../records/field-needs.ts';
import { checkCost, costOf, type OperationArgs, rateLimitHeaders, type Spent } from './cost.ts';
import { type RequestOptions, requestOptionsOf } from './request-options.ts';

/**
 * Plans each operation before it runs. A dry run returns the plan; an operation that is too expensive is refused. Every response
 * says what it cost. A query whose result is in the result cache is neither planned nor executed.
 */
export const useCost = (
  accountOf: (request: Request) => Account | undefined,
  part: Observer['part'],
): Plugin<Context> => ({
  onExecute({ args, setResultAndStopExecution: stop }) {
    const { contextValue: context } = args;
    const options = optionsIn(context);
    const finish = (result: ExecutionResult, requested: number) => withExtensions(result, context, requested, options);
    const { cache } = context.freshsales;
    const key = options.dryRun || options.explain ? undefined : resultKeyOf(args, context);
    return andThen(key === undefined ? undefined : cache.cachedResult(key), (known) => {
      if (known) return stop(finish({ data: known.value as NonNullable<ExecutionResult['data']> }, 0));
      return andThen(refreshAllowance(args), () => {
        const { requestedCost, result: instead } = part(context, 'plan', () => checkCost(args, options));
        if (instead) return stop(finish(instead, requestedCost));
        return {
          onExecuteDone({ result, setResult }) {
            if (Symbol.asyncIterator in result)
              return { onNext: (part) => addToLast(part, (last) => finish(last, requestedCost)) };
            if (key !== undefined && isFromCache(result, context)) cache.keepResult(key, result.data);
            setResult(finish(result, requestedCost));
            return undefined;
          },
        };
      });
    });
  },
  onExecutionResult({ request, result, setResult }) {
    if (!result || Array.isArray(result) || Symbol.asyncIterator in result) return;
    const account = accountOf(request);
    // Invalid operations are not executed, but their response shows the quota as well.
    if (account && result.extensions?.cost === undefined)
      setResult(withCost(result, 0, { ...NOTHING_SPENT, ...account }));
  },
  onResponse({ request, response }) {
    const account = isStreamed(response.headers) ? accountOf(request) : undefined;
    const headers = account ? rateLimitHeaders(account.ledger, { now: new Date() }) : {};
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  },
});

interface Delivered {
  readonly result: ExecutionResult & { readonly hasNext?: boolean };
  readonly setResult: (result: ExecutionResult) => void;
}

/** The cost is known with the last part of a result. */
function addToLast({ result, setResult }: Delivered, finish: (result: ExecutionResult) => ExecutionResult): void {
  if (result.hasNext === false) setResult(finish(result));
}

const NOTHING_SPENT = { budget: { spent: 0 }, savings: { saved: 0, shared: 0, included: 0 } };

/** Learns what the caller has spent on other servers, if the operation needs calls. */
function refreshAllowance(args: OperationArgs): void | Promise<void> {
  const { allowance } = args.contextValue.caller ?? {};
  if (allowance?.settings.callsPerHour !== undefined && (planOf(args)?.needed ?? 0) > 0) return allowance.refresh();
}

/** True for a complete result that needed no calls, so that it can be reused. */
const isFromCache = ({ data, errors }: ExecutionResult, { budget }: Context): boolean =>
  errors === undefined && data !== null && data !== undefined && budget.spent === 0;

function optionsIn(context: Context): RequestOptions {
  const { request, params } = context as Context & Partial<YogaInitialContext>;
  return requestOptionsOf({ headers: request?.headers ?? new Headers(), extensions: params?.extensions });
}

function withExtensions(result: ExecutionResult, context: Context, requested: number, { explain }: RequestOptions) {
  const { staleSeconds } = context.freshsales.cache;
  const more = {
    // Older responses were served because the quota allowed no new ones.
    ...(staleSeconds !== undefined && { stale: { ageSeconds: staleSeconds } }),
    ...(explain && { calls: callsShown(context) }),
  };
  return withCost({ ...result, extensions: { ...result.extensions, ...more } }, requested, context);
}

/** Some calls look up the owner of a record. Their paths would tell a restricted caller the ids of records it may not see. */
const callsShown = ({ caller, trace }: Context): readonly TracedCall[] =>
  caller && seesOneOwner(caller.grants)
    ? trace.calls.map((call) => ({ ...call, path: call.path.replace(/^[^?]*/, () => call.template) }))
    : trace.calls;

function withCost(result: ExecutionResult, requested: number, spent: Spent & Pick<Context, 'ledger'>): ExecutionResult {
  const headers = rateLimitHeaders(spent.ledger, { now: new Date(), retryAfter: retryAfterOf(result) });
  const cost = costOf(requested, spent);
  return { ...result, extensions: { ...result.extensions, cost, http: { headers } } };
}

/** The longest wait that any RATE_LIMITED error asks for. */
function retryAfterOf({ errors = [] }: ExecutionResult): number | undefined {
  const waits = errors.flatMap(({ extensions, originalError }) => {
    const cause = causeOf(originalError);
    const { code, retryAfter } = cause instanceof FreshsalesError ? cause : extensions;
    return code === 'RATE_LIMITED' && typeof retryAfter === 'number' ? [retryAfter] : [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** Results of queries with longer variables are not cached. */
const MAX_VARIABLES = 4000;

/**
 * The key of a query in the result cache: schema (one per set of grants), caller, document, operation and variables. Undefined
 * for operations whose result depends on anything else.
 */
function resultKeyOf(args: ExecutionArgs, { caller, preview }: Context): string | undefined {
  const { schema, document, operationName, variableValues } = args;
  if (preview || getOperationAST(document, operationName)?.operation !== OperationTypeNode.QUERY) return undefined;
  if (isVolatile(schema, document)) return undefined;
  const variables = JSON.stringify(variableValues ?? {});
  if (variables.length > MAX_VARIABLES) return undefined;
  const parts = [schema, document, caller ?? NOBODY].map(numberOf);
  return `${parts.join(' ')} ${operationName ?? ''} ${variables}`;
}

const NOBODY = {};

/** Identifies objects by a number for as long as they exist. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  const known = numbers.get(object);
  if (known !== undefined) return known;
  lastNumber += 1;
  numbers.set(object, lastNumber);
  return lastNumber;
}

const volatileDocuments = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, boolean>>();

/**
 * True if a document selects a root field that depends on the request or the time (it fetches nothing), or that reports the
 * records it finds to the audit log. Computed once per document.
 */
function isVolatile(schema: GraphQLSchema, document: DocumentNode): boolean {
  const ofSchema = volatileDocuments.get(schema) ?? new WeakMap<DocumentNode, boolean>();
  volatileDocuments.set(schema, ofSchema);
  const known = ofSchema.get(document);
  if (known !== undefined) return known;
  let found = false;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        const field = types.getFieldDef();
        if (!field || types.getParentType() !== schema.getQueryType() || field === TypeNameMetaFieldDef) return;
        const { fetch, names } = sourceOf(field.extensions);
        found ||= fetch === undefined || names === true;
      },
    }),
  );
  ofSchema.set(document, found);
  return found;
}
