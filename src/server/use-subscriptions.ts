import { setImmediate } from 'node:timers/promises';
import {
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  validate,
} from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { AuditWriter } from '../access/audit/audit-log.ts';
import { deliveryEntry } from '../access/audit/use-audit.ts';
import { detailsIn } from '../access/request-details.ts';
import { feedOf, recordNeeds } from '../events/changes.ts';
import { visibleChanges } from '../events/visible-changes.ts';
import { argumentsOf, fieldsIn, fragmentsOf } from '../planner/document.ts';
import { coerceVariables, rootSelection } from '../planner/operation.ts';
import { type ChangeType, type FeedEntry, isChangeType } from '../records/changes.ts';
import { type Context, senderOf } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { parseGid, toGid, withoutZeros } from '../records/gid.ts';
import type { Connect } from './authenticate.ts';
import { checkCost, costOf, type OperationArgs } from './cost.ts';
import { executeOperation } from './execute.ts';
import { requestOptionsOf } from './request-options.ts';
import { type EventStreamTimes, respondWithEvents, type Subscription, type Subscriptions } from './subscriptions.ts';
import { accepts } from './use-entrance.ts';

type Admission = Awaited<ReturnType<Connect>>;

export interface SubscriptionOptions {
  readonly subscriptions: Subscriptions;
  readonly connect: Connect;
  readonly schemaOf: (admission: Admission) => GraphQLSchema;
  /** A context for one delivery. */
  readonly contextOf: (admission: Admission, context: YogaInitialContext) => Context;
  readonly mask: (error: unknown) => Error;
  readonly audit: AuditWriter | undefined;
  readonly times: Partial<EventStreamTimes> | undefined;
}

type SubscriptionContext = Context & YogaInitialContext;

/**
 * Runs subscriptions. Each delivery is a separate operation: the caller is authenticated again, grants, quota and limits
 * apply as to a query, and the audit log names the record.
 */
export function useSubscriptions(options: SubscriptionOptions): Plugin<Context> {
  const byRequest = new WeakMap<Request, Subscription>();
  return {
    onSubscribe({ args, setSubscribeFn, setResultAndStopExecution: stop }) {
      const context = args.contextValue as SubscriptionContext;
      const checked = check(args as OperationArgs, context);
      if (checked.result) return stop(checked.result);
      const subscription = options.subscriptions.open(context.caller ? senderOf(context.caller) : context.ledger);
      if (!subscription) return stop({ errors: [tooMany()] });
      byRequest.set(context.request, subscription);
      context.request.signal.addEventListener('abort', () => subscription.end(), { once: true });
      setSubscribeFn(async () => {
        try {
          return await start(args, subscription, { ...options, requestedCost: checked.requestedCost });
        } catch (error) {
          subscription.end();
          return { errors: [options.mask(error)] };
        }
      });
    },
    onResultProcess({ request, result, serverContext, setResultProcessor }) {
      const subscription = byRequest.get(request);
      if (!subscription || !(Symbol.asyncIterator in result)) return;
      const { res } = serverContext as { res?: { destroy(): void } };
      subscription.destroy = () => res?.destroy();
      setResultProcessor(
        (results) => respondWithEvents(results as AsyncIterable<ExecutionResult>, subscription, options.times),
        'text/event-stream',
      );
    },
  };
}

function check(args: OperationArgs, { request, params }: SubscriptionContext) {
  if (!accepts(request, ['text/event-stream'])) {
    const message = 'Subscriptions are delivered as server-sent events. Send the header “accept: text/event-stream”.';
    const refusal = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } } });
    return { requestedCost: 0, result: { errors: [refusal] } };
  }
  return checkCost(args, requestOptionsOf({ headers: request.headers, extensions: params.extensions }));
}

const tooMany = () =>
  new GraphQLError(
    'Too many subscriptions are open (SUBSCRIPTIONS_PER_CALLER). Close one, or subscribe to several types at once.',
    { extensions: { code: 'RATE_LIMITED', retryAfter: 30, http: { status: 429 } } },
  );

interface Asked {
  readonly after?: string | null;
  readonly types?: readonly ChangeType[] | null;
  readonly ids?: readonly string[] | null;
}

/** The arguments of the only root field. Clients that reconnect send the id of the last event they received. */
function argumentsIn({ schema, document, variableValues }: ExecutionArgs, operation: OperationDefinitionNode): Asked {
  const { coerced, errors } = coerceVariables(schema, operation, variableValues);
  if (errors) throw errors[0];
  const field = schema.getSubscriptionType()?.getFields().changes;
  const [node] = fieldsIn(fragmentsOf(document), operation.selectionSet).filter(({ name }) => name.value === 'changes');
  return field && node ? argumentsOf(field, node, coerced) : {};
}

const MAX_IDS = 500;

function idsOf({ ids }: Asked): ReadonlySet<string> | undefined {
  if (!ids) return undefined;
  if (ids.length > MAX_IDS) throw badInput(`“ids” has ${ids.length} ids. Use at most ${MAX_IDS}, or “types”.`);
  return new Set(
    ids.map((given) => {
      // An id of Freshsales is that of one record of any type.
      if (/^\d{1,20}$/.test(given)) return withoutZeros(given);
      const { type, id } = parseGid(given);
      if (!isChangeType(type)) throw badInput(`Changes of ${type} records are not known. Remove ${given} from “ids”.`);
      return toGid(type, id);
    }),
  );
}

interface Started extends SubscriptionOptions {
  readonly requestedCost: number;
}

/** Checks the arguments, so that what is wrong with them is the response. */
async function start(
  args: ExecutionArgs,
  subscription: Subscription,
  options: Started,
): Promise<AsyncGenerator<ExecutionResult>> {
  const context = args.contextValue as SubscriptionContext;
  const operation = getOperationAST(args.document, args.operationName) as OperationDefinitionNode;
  const asked = argumentsIn(args, operation);
  const ids = idsOf(asked);
  const after = context.request.headers.get('last-event-id') ?? asked.after;
  const reader = await feedOf(context).readFrom(typeof after === 'string' && after !== '' ? { after } : 'end');
  subscription.lagOf = () => reader.lag;
  subscription.cursor = (await reader.next(0)).end;
  const isWanted = ({ type, id }: FeedEntry): boolean =>
    (!asked.types || asked.types.includes(type)) && (!ids || ids.has(toGid(type, id)) || ids.has(id));
  return deliver(args, { reader, isWanted, subscription, ...options });
}

interface Delivering extends Started {
  readonly reader: Awaited<ReturnType<ReturnType<typeof feedOf>['readFrom']>>;
  readonly isWanted: (entry: FeedEntry) => boolean;
  readonly subscription: Subscription;
}

/** Changes that are read at once. */
const AT_ONCE = 100;

async function* deliver(args: ExecutionArgs, options: Delivering): AsyncGenerator<ExecutionResult> {
  const { reader, isWanted, subscription, mask } = options;
  const { signal } = subscription;
  try {
    while (!signal.aborted) {
      const { entries } = await reader.next(AT_ONCE);
      // Other requests are served while a subscription passes over many changes.
      if (entries.length === AT_ONCE) await setImmediate();
      for (const entry of entries) {
        if (signal.aborted) return;
        const result = isWanted(entry) ? await resultOf(args, entry, options) : undefined;
        subscription.cursor = entry.cursor;
        if (result) yield result;
      }
      if (entries.length === 0) await reader.wait(signal);
    }
  } catch (error) {
    const shown = mask(error);
    yield { errors: [shown instanceof GraphQLError ? shown : new GraphQLError(shown.message)] };
  } finally {
    subscription.end();
  }
}

/** Runs the operation for one change. Undefined if the caller may not see it. Throws if the caller may not subscribe any longer. */
async function resultOf(
  args: ExecutionArgs,
  entry: FeedEntry,
  { connect, schemaOf, contextOf, audit, requestedCost }: Delivering,
): Promise<ExecutionResult | undefined> {
  const { document, operationName } = args;
  const initial = args.contextValue as SubscriptionContext;
  const admission = await connect(initial.request);
  const schema = schemaOf(admission);
  if (schema !== args.schema && validate(schema, document).length > 0)
    throw new GraphQLError('The grants of this caller no longer include this subscription.', {
      extensions: { code: 'FORBIDDEN' },
    });
  const context = contextOf(admission, initial);
  const [visible] = await visibleChanges(context, [entry], needsIn(args, schema));
  if (!visible) return undefined;
  const result = await executeOperation({ ...args, schema, rootValue: entry, contextValue: context });
  const readsRecord = context.budget.spent > 0 || context.savings.saved > 0;
  audit?.write(
    deliveryEntry(
      { document, operationName, context },
      { details: detailsIn(initial), requester: admission, result, record: readsRecord ? entry : undefined },
    ),
  );
  return { ...result, extensions: { cost: costOf(requestedCost, context) } };
}

const needsBySchema = new WeakMap<object, WeakMap<GraphQLSchema, ReturnType<typeof recordNeeds>>>();

/** The selection of a subscription on records, computed once. */
function needsIn({ document, operationName, variableValues, contextValue }: ExecutionArgs, schema: GraphQLSchema) {
  const ofContext = needsBySchema.get(contextValue as object) ?? new WeakMap();
  needsBySchema.set(contextValue as object, ofContext);
  const known = ofContext.get(schema);
  if (known) return known;
  const selected = rootSelection(schema, { document, operationName, variables: variableValues })?.selection;
  const needs = recordNeeds(Object.values(selected?.fieldsByTypeName.Subscription ?? {}), { schema });
  ofContext.set(schema, needs);
  return needs;
}
