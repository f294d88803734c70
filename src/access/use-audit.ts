import { randomUUID } from 'node:crypto';
import { type DocumentNode, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import type { AuditEntry } from './audit-entry.ts';
import type { AuditLog } from './audit-log.ts';
import type { Caller } from './caller.ts';
import { nameOf } from './grant.ts';
import { kindOfType } from './kind.ts';
import type { Policies } from './policy.ts';
import { surveyOf } from './survey.ts';

export interface AuditOptions {
  readonly log: AuditLog;
  readonly policies: Policies;
  readonly callerOf: (request: Request) => Caller | undefined;
}

/** What is known of an operation on its way. */
interface Visit {
  readonly startedAt: number;
  schema?: GraphQLSchema;
  document?: DocumentNode;
  operationName?: string | null | undefined;
  context?: Context;
}

/** Gives every request an id, which is in its answer as `x-request-id`. */
export function useRequestIds(ids: WeakMap<object, string>): Plugin {
  return {
    onRequest: ({ serverContext }) => void ids.set(serverContext as object, randomUUID()),
    onResponse({ response, serverContext }) {
      const id = ids.get(serverContext as object);
      if (id) response.headers.set('x-request-id', id);
    },
  };
}

/** Writes every operation down, whatever became of it, and lets no caller write what could not be written down. */
export function useAudit({ log, policies, callerOf }: AuditOptions, ids: WeakMap<object, string>): Plugin {
  const visits = new WeakMap<Request, Visit>();
  const visitOf = (request: Request): Visit => {
    const visit = visits.get(request) ?? { startedAt: performance.now() };
    visits.set(request, visit);
    return visit;
  };
  return {
    onParams: ({ request }) => void visitOf(request),
    onValidate({ params, context }) {
      const schema = params.schema as GraphQLSchema;
      const whole = policies.ofSchema(schema)?.full ?? schema;
      Object.assign(visitOf(requestOf(context)), { schema: whole, document: params.documentAST });
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName } = args;
      const context = args.contextValue as unknown as Context;
      Object.assign(visitOf(requestOf(context)), { document, operationName, context });
      const writes = getOperationAST(document, operationName)?.operation === 'mutation';
      if (writes && context.caller && !log.ready()) setResultAndStopExecution({ errors: [unwritable()] });
    },
    onExecutionResult({ request, result, context }) {
      if (!result || Symbol.asyncIterator in result || Array.isArray(result)) return;
      const requestId = ids.get(context as object) ?? randomUUID();
      log.write(entryOf(visitOf(request), { requestId, caller: callerOf(request), result }));
    },
    onResponse({ request, response, serverContext }) {
      if (response.status !== 401 || visits.has(request)) return;
      log.write(intrusion(ids.get(serverContext as object) ?? randomUUID()));
    },
  };
}

const requestOf = (context: unknown): Request => (context as { request: Request }).request;

const unwritable = () =>
  new GraphQLError(
    'Nothing can be written for now, as the audit log of this server cannot be. Reads go on. Tell whoever runs it.',
    { extensions: { code: 'AUDIT_UNAVAILABLE' } },
  );

/** Codes of refusals, which are made before anything is done. */
const DENIALS = new Set([
  'CONFIRMATION_REQUIRED',
  'CONFIRMATION_UNAVAILABLE',
  'IDEMPOTENCY_UNAVAILABLE',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'AUDIT_UNAVAILABLE',
]);

interface Outcome {
  readonly requestId: string;
  readonly caller: Caller | undefined;
  readonly result: { readonly data?: unknown; readonly errors?: readonly GraphQLError[] };
}

function entryOf(visit: Visit, { requestId, caller, result }: Outcome): AuditEntry {
  const { schema, document, operationName, context, startedAt } = visit;
  const survey = schema && document ? surveyOf(schema, { document, operationName }, result.data) : undefined;
  const errors = result.errors ?? [];
  const codes = errors.map(({ extensions }) => String(extensions?.code ?? 'BAD_USER_INPUT'));
  const refusals = errors.filter(({ extensions }) => DENIALS.has(String(extensions?.code)));
  const writes = context?.journal.deeds ?? [];
  const denied = refusals.length > 0 && writes.length === 0 && isEmpty(result.data);
  const name = document && getOperationAST(document, operationName)?.name?.value;
  return {
    at: new Date().toISOString(),
    requestId,
    caller: caller?.name ?? null,
    operation: survey?.operation ?? 'none',
    ...(name !== undefined && { operationName: name }),
    ...(context?.preview && survey?.operation === 'mutation' && { preview: true as const }),
    decision: denied ? 'denied' : context ? 'allowed' : 'invalid',
    by: denied
      ? [...new Set(refusals.map(({ message }) => message))]
      : context
        ? grantsUsed(caller, survey?.types ?? [])
        : [],
    codes,
    reads: denied || !result.data ? [] : (survey?.reads ?? []),
    writes,
    fields: survey?.fields ?? [],
    calls: context?.purse.spent ?? 0,
    left: caller?.allowance.remaining ?? (context ? context.ledger.hour.limit - context.ledger.hour.used : null),
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
  };
}

/** No data, or nothing but nulls. */
const isEmpty = (data: unknown): boolean =>
  data === null || data === undefined || Object.values(data).every((value) => value === null);

function grantsUsed(caller: Caller | undefined, types: readonly string[]): string[] {
  if (!caller) return [];
  const kinds = new Set(types.flatMap((type) => kindOfType(type) ?? []));
  return [...kinds].map((kind) => nameOf(caller.grants, kind));
}

/** Somebody came with no token, or a wrong one. */
const intrusion = (requestId: string): AuditEntry => ({
  at: new Date().toISOString(),
  requestId,
  caller: null,
  operation: 'none',
  decision: 'denied',
  by: ['No valid token or key came with the request.'],
  codes: ['UNAUTHENTICATED'],
  reads: [],
  writes: [],
  fields: [],
  calls: 0,
  left: null,
  durationMs: 0,
});
