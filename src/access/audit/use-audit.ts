import { type DocumentNode, type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { whenWhole } from '../../planner/incremental.ts';
import type { Account, Context } from '../../records/context.ts';
import type { FoundRecords } from '../../records/write-report.ts';
import type { Caller } from '../callers.ts';
import { kindOfType, nameOf } from '../grant.ts';
import { policyOfSchema } from '../policy.ts';
import { detailsIn, type RequestDetails, type ToolCall } from '../request-details.ts';
import type { AuditEvent, Decision } from './audit-event.ts';
import type { AuditWriter } from './audit-log.ts';
import { type OperationSummary, summaryOf } from './operation-summary.ts';

/** Who sent a request, and the account that it is for. */
export interface Requester extends Pick<Account, 'name' | 'isNamed'> {
  readonly caller?: Caller | undefined;
}

interface AuditOptions {
  readonly log: AuditWriter;
  /** Undefined for a request that was refused. */
  readonly requesterOf: (request: Request) => Requester | undefined;
}

/** Logs every operation. Refuses writes while the log is unavailable. */
export function useAudit({ log, requesterOf }: AuditOptions): Plugin {
  const operations = new WeakMap<RequestDetails, AuditedOperation>();
  const written = new WeakSet<RequestDetails>();
  const operationIn = (context: unknown): AuditedOperation => {
    const details = detailsIn(context as object);
    const audited = operations.get(details) ?? {};
    operations.set(details, audited);
    return audited;
  };
  const noteAsked = ({ document, operationName, variableValues: variables, contextValue }: ExecutionArgs) => {
    const context = contextValue as Context;
    return Object.assign(operationIn(context), { document, operationName, variables, context });
  };
  const write = (context: unknown, request: Request, result: AuditedResult) => {
    const [details, requester] = [detailsIn(context as object), requesterOf(request)];
    log.write(entryOf(operationIn(context), { details, requester, result }));
  };
  return {
    onParams: ({ context, request }) => void Object.assign(operationIn(context), { request }),
    // Operations over a limit are parsed, but not validated.
    onParse:
      ({ context }) =>
      ({ result }) => {
        if (result && !(result instanceof Error)) operationIn(context).document = result;
      },
    onValidate({ params, context }) {
      const schema = params.schema as GraphQLSchema;
      const whole = policyOfSchema(schema)?.full ?? schema;
      Object.assign(operationIn(context), { schema: whole, document: params.documentAST });
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, context } = noteAsked(args);
      const writes = getOperationAST(document, operationName)?.operation === 'mutation';
      if (writes && context.caller && !log.ready()) setResultAndStopExecution({ errors: [unwritable()] });
    },
    onSubscribe: ({ args }) => void noteAsked(args),
    onExecutionResult({ request, result, context }) {
      if (!result || Array.isArray(result)) return;
      written.add(detailsIn(context as object));
      const isWritten = whenWhole(operationIn(context).context, result, (whole) => write(context, request, whole));
      // A subscription has one event when it begins, and one for each delivery.
      if (!isWritten) write(context, request, {});
    },
    onResponse({ request: received, response, serverContext }) {
      const context = serverContext as object;
      const details = detailsIn(context);
      if (written.has(details)) return;
      const audited = operations.get(details);
      const request = audited?.request ?? received;
      if (audited || isRefusal(response))
        log.write(refusedEntry(response, { details, requester: requesterOf(request), request }));
    },
  };
}

/** Unknown paths and methods, and the 503 of a health check, are not logged. */
const isRefusal = ({ status }: Response): boolean => status >= 400 && ![404, 405, 503].includes(status);

const unwritable = () =>
  new GraphQLError(
    'Writes are disabled because the audit log is unavailable. Reads still work. Tell the operator of this server.',
    { extensions: { code: 'AUDIT_UNAVAILABLE' } },
  );

/** Details of an operation, as far as known. */
interface AuditedOperation {
  request?: Request;
  schema?: GraphQLSchema;
  document?: DocumentNode;
  operationName?: string | null | undefined;
  variables?: ExecutionArgs['variableValues'];
  context?: Context;
}

interface AuditedResult {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

interface Received {
  readonly details: RequestDetails;
  readonly requester: Requester | undefined;
}

/** Codes of errors that prevent an operation. */
const DENIALS = new Set([
  'CONFIRMATION_UNAVAILABLE',
  'IDEMPOTENCY_UNAVAILABLE',
  'FORBIDDEN',
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'AUDIT_UNAVAILABLE',
]);

const TO_BE_CONFIRMED = 'CONFIRMATION_REQUIRED';

/** The event of an executed operation. */
function entryOf(
  audited: AuditedOperation,
  { details, requester, result }: Received & { result: AuditedResult },
): AuditEvent {
  const caller = requester?.caller;
  const { document, operationName, context } = audited;
  const summary = summaryIfAny(audited, result.data);
  const errors = result.errors ?? [];
  const writes = context?.auditTrail.writes ?? [];
  const found = context?.auditTrail.found ?? [];
  const refusals = errors.filter(({ extensions }) => DENIALS.has(String(extensions?.code)));
  const isSent = writes.some(({ outcome }) => outcome !== 'unseen');
  const isDenied = refusals.length > 0 && !isSent && isEmpty(result.data);
  const decision = isDenied ? 'denied' : decisionOf(context, result);
  const name = document && getOperationAST(document, operationName)?.name?.value;
  return {
    ...startOf(details, requester),
    operation: summary?.operation ?? 'none',
    ...(name !== undefined && { operationName: name }),
    ...(context?.preview && summary?.operation === 'mutation' && { preview: true as const }),
    decision,
    by: isDenied
      ? [...new Set(refusals.map(({ message }) => message))]
      : context
        ? grantsUsed(caller, summary?.types ?? [])
        : [],
    codes: errors.map(({ extensions }) => String(extensions?.code ?? 'BAD_USER_INPUT')),
    reads: isDenied || !result.data ? [] : readsOf(summary, found),
    ...(found.length > 0 && { found }),
    writes,
    fields: summary?.fields ?? [],
    calls: context?.budget.spent ?? 0,
    left: caller?.allowance.remaining ?? (context ? context.ledger.hour.limit - context.ledger.hour.used : null),
    durationMs: durationOf(details),
  };
}

function decisionOf(context: Context | undefined, { errors = [], extensions }: AuditedResult): Decision {
  if (!context) return 'invalid';
  if (errors.some((error) => error.extensions?.code === TO_BE_CONFIRMED)) return 'unconfirmed';
  return extensions?.plan !== undefined ? 'planned' : 'allowed';
}

/** An operation that cannot be summarized is logged without summary. */
function summaryIfAny(
  { schema, document, operationName, variables }: AuditedOperation,
  data: unknown,
): OperationSummary | undefined {
  try {
    return document ? summaryOf(schema, { document, operationName, variables }, data) : undefined;
  } catch {
    return undefined;
  }
}

/** Found records are listed separately. */
const readsOf = (summary: OperationSummary | undefined, found: readonly FoundRecords[]) =>
  (summary?.reads ?? [])
    .filter(({ field }) => !found.some(({ by }) => by === field))
    .map(({ field: _, ...reading }) => reading);

/** No data, or only nulls. */
const isEmpty = (data: unknown): boolean =>
  data === null || data === undefined || Object.values(data).every((value) => value === null);

function grantsUsed(caller: Caller | undefined, types: readonly string[]): string[] {
  if (!caller) return [];
  const kinds = new Set(types.flatMap((type) => kindOfType(type) ?? []));
  return [...kinds].map((kind) => nameOf(caller.grants, kind));
}

const startOf = (
  { id, address, call }: RequestDetails,
  { caller, name, isNamed }: Requester = {},
): Pick<AuditEvent, 'at' | 'requestId' | 'address' | 'caller' | 'account' | 'person' | 'mcp'> => ({
  at: new Date().toISOString(),
  requestId: id,
  ...(address !== undefined && { address }),
  caller: caller?.name ?? null,
  ...(isNamed && name !== undefined && { account: name }),
  ...(caller?.subject !== undefined && { person: { subject: caller.subject, user: caller.user } }),
  ...(call && { mcp: call }),
});

const durationOf = ({ startedAt }: RequestDetails): number => Math.round((performance.now() - startedAt) * 10) / 10;

const NOTHING = {
  operation: 'none',
  by: [],
  codes: [],
  reads: [],
  writes: [],
  fields: [],
  calls: 0,
  left: null,
} as const;

/** The event of a delivery of a subscription: the record that was read, if any. */
export const deliveryEntry = (
  operation: Required<Pick<AuditedOperation, 'document' | 'context'>> & Pick<AuditedOperation, 'operationName'>,
  by: Received & { result: AuditedResult; record?: { readonly type: string; readonly id: string } | undefined },
): AuditEvent => ({
  ...entryOf(operation, { ...by, details: { ...by.details, startedAt: performance.now() } }),
  reads: by.record ? [{ what: by.record.type, id: by.record.id, related: [] }] : [],
});

/** The event of a request that was refused before it was an operation. */
export function refusedEntry(
  { status }: Pick<Response, 'status'>,
  { details, requester, request }: Received & { request: Pick<Request, 'headers'> },
): AuditEvent {
  const entry = { ...startOf(details, requester), ...NOTHING, durationMs: durationOf(details) };
  if (status === 401) {
    const reason = request.headers.has('authorization')
      ? 'The token or key in the request is not valid.'
      : 'No token or key came with the request.';
    return { ...entry, decision: 'denied', by: [reason], codes: ['UNAUTHENTICATED'] };
  }
  if (status === 403) return { ...entry, decision: 'denied', by: ['The request was refused.'], codes: ['FORBIDDEN'] };
  return { ...entry, decision: 'invalid', codes: [status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_USER_INPUT'] };
}

/** The event of a tool call that sent no operation. */
export function toolEntry(
  call: ToolCall,
  { details, requester, codes }: Received & { codes: readonly string[] },
): AuditEvent {
  const isDenied = codes.includes('FORBIDDEN');
  return {
    ...startOf({ ...details, call }, requester),
    ...NOTHING,
    decision: isDenied ? 'denied' : codes.length > 0 ? 'invalid' : 'allowed',
    ...(isDenied && { by: ['The grants of this caller do not include this tool.'] }),
    codes,
    fields: [call.tool],
    durationMs: durationOf(details),
  };
}
