import { type ExecutionArgs, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../records/context.ts';
import type { Caller } from '../caller.ts';
import type { Policies } from '../policy.ts';
import type { AuditLog } from './audit-log.ts';
import { type AuditedResult, entryOf, refusedEntry, type Visit } from './audited.ts';
import { originIn, type RequestOrigin } from './request-origin.ts';

export interface AuditOptions {
  readonly log: AuditLog;
  readonly policies: Policies;
  readonly callerOf: (request: Request) => Caller | undefined;
}

/** Writes every operation down, whatever became of it, and lets no caller write what could not be written down. */
export function useAudit({ log, policies, callerOf }: AuditOptions): Plugin {
  const visits = new WeakMap<RequestOrigin, Visit>();
  const written = new WeakSet<RequestOrigin>();
  const visitIn = (context: unknown): Visit => {
    const origin = originIn(context as object);
    const visit = visits.get(origin) ?? {};
    visits.set(origin, visit);
    return visit;
  };
  const write = (context: unknown, request: Request, result: AuditedResult) => {
    const origin = originIn(context as object);
    written.add(origin);
    log.write(entryOf(visitIn(context), { origin, caller: callerOf(request), result }));
  };
  return {
    onParams: ({ context, request }) => void Object.assign(visitIn(context), { request }),
    // What exceeds a limit is neither validated nor executed.
    onParse:
      ({ context }) =>
      ({ result }) => {
        if (result && !(result instanceof Error)) visitIn(context).document = result;
      },
    onValidate({ params, context }) {
      const schema = params.schema as GraphQLSchema;
      const whole = policies.ofSchema(schema)?.full ?? schema;
      Object.assign(visitIn(context), { schema: whole, document: params.documentAST });
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { document, operationName, variableValues: variables } = args as Asked;
      const context = args.contextValue as unknown as Context;
      Object.assign(visitIn(context), { document, operationName, variables, context });
      const writes = getOperationAST(document, operationName)?.operation === 'mutation';
      if (writes && context.caller && !log.ready()) setResultAndStopExecution({ errors: [unwritable()] });
    },
    onExecutionResult({ request, result, context }) {
      if (!result || Symbol.asyncIterator in result || Array.isArray(result)) return;
      write(context, request, result);
    },
    onResponse({ request: received, response, serverContext }) {
      const context = serverContext as object;
      const origin = originIn(context);
      if (written.has(origin)) return;
      const visit = visits.get(origin);
      const request = visit?.request ?? received;
      if (visit || isRefusal(response))
        log.write(refusedEntry(response, { origin, caller: callerOf(request), request }));
    },
  };
}

type Asked = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

/** Answers to what asked for nothing that is served here are no refusals. */
const isRefusal = ({ status }: Response): boolean => status >= 400 && status !== 404 && status !== 405;

const unwritable = () =>
  new GraphQLError(
    'Nothing can be written for now, as the audit log of this server cannot be. Reads go on. Tell whoever runs it.',
    { extensions: { code: 'AUDIT_UNAVAILABLE' } },
  );
