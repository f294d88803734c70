import type { CallToolResult } from '@modelcontextprotocol/server';
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { compactType, signatureOf } from './schema-index.ts';

/** An error of a response. */
interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** Text only: clients that pass on `structuredContent` as well would pay for the tokens twice. */
export const textResult = (text: string, isError = false): CallToolResult => ({
  content: [{ type: 'text', text }],
  ...(isError && { isError }),
});

/** A compact response: data, errors with the next step, and cost. */
export function toResult(answer: Answer, schema: GraphQLSchema): CallToolResult {
  const { data, errors = [], extensions = {} } = answer;
  const { cost, plan, preview } = extensions;
  const said = {
    data: data === null || (errors.length > 0 && isEmpty(data)) ? undefined : withoutNulls(data),
    errors: errors.length > 0 ? toErrors(errors, schema) : undefined,
    plan: withoutNulls(compactPlan(plan)),
    // Keeps nulls, because they clear fields. CONFIRMATION_REQUIRED errors contain the preview already.
    preview: errors.some(({ extensions: more }) => more?.preview !== undefined) ? undefined : preview,
    cost: toCost(cost),
  };
  return textResult(JSON.stringify(said), errors.length > 0 && said.data === undefined);
}

/** Error extensions that an agent can act on. */
const KEPT_EXTENSIONS = [
  'record',
  'retryAfter',
  'outcome',
  'syncFrom',
  'errorId',
  'planned',
  'limit',
  'confirmationToken',
  'preview',
];

/** Repeats the same next step only once. */
function toErrors(errors: readonly AnswerError[], schema: GraphQLSchema) {
  const steps = errors.map((error) => nextStep(error, schema));
  return errors.map((error, index) => ({
    ...toError(error),
    next: steps.indexOf(steps[index]) === index ? steps[index] : undefined,
  }));
}

function toError({ message, path, extensions = {} }: AnswerError) {
  const kept = Object.fromEntries(
    KEPT_EXTENSIONS.flatMap((name) => (name in extensions ? [[name, extensions[name]]] : [])),
  );
  return { code: extensions.code, message, at: path?.join('.'), ...kept };
}

/** Calls made by the operation, and calls left this hour. */
function toCost(cost: unknown) {
  const { actualQueryCost, throttleStatus } = (cost ?? {}) as {
    actualQueryCost?: number;
    throttleStatus?: { currentlyAvailable?: number };
  };
  return cost ? { calls: actualQueryCost, left: throttleStatus?.currentlyAvailable } : undefined;
}

/** No data, or only nulls. */
const isEmpty = (data: unknown): boolean =>
  typeof data !== 'object' || data === null || Object.values(data).every((value) => value === null);

/** Removes fields that are null. Items of lists stay, to keep their positions. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      each === null || each === undefined ? [] : [[key, withoutNulls(each)]],
    ),
  );
}

/** The parts of a plan that are used here. */
interface Plan {
  readonly calls?: readonly PlannedCall[];
  readonly fallbacks?: unknown;
}

interface PlannedCall {
  readonly method: string;
  /** Path template. */
  readonly path: string;
  readonly include: readonly string[];
  readonly fields: readonly string[];
  /** Null if unknown. */
  readonly atMost: number | null;
  readonly certain: boolean;
  readonly when: string | null;
  readonly cached: boolean;
}

/** A plan with one line for each kind of call. Fallback calls are only counted in the bounds. */
function compactPlan(plan: unknown): unknown {
  if (typeof plan !== 'object' || plan === null) return undefined;
  const { calls = [], fallbacks: _onTop, ...rest }: Plan = plan;
  return { ...rest, calls: calls.map(lineOf) };
}

function lineOf({ method, path, include, fields, atMost, certain, when, cached }: PlannedCall): string {
  const times = atMost === null ? 'any number of' : `${certain ? '' : 'up to '}${atMost} ×`;
  const query = include.length > 0 ? `?include=${include.join(',')}` : '';
  const why = [fields.join(', '), ...(when ? [when] : []), ...(cached ? ['known already'] : [])];
  return `${times} ${method} ${path}${query} for ${why.join(', ')}`;
}

/** Advice about an error. Undefined if the message contains it. */
function nextStep({ message, extensions = {} }: AnswerError, schema: GraphQLSchema): string | undefined {
  switch (extensions.code) {
    case 'BAD_USER_INPUT':
    case 'GRAPHQL_VALIDATION_FAILED':
      return whatExists(message, schema);
    case 'RATE_LIMITED':
      return waitFor(extensions.retryAfter);
    case 'COST_LIMIT_EXCEEDED':
      return 'Ask for less, or split the operation; plan tells the cost of each without running it.';
    case 'CONFIRMATION_REQUIRED':
      return 'Nothing was done. If the preview is what is wanted, call again with the same query and variables and this confirmationToken.';
    case 'FORBIDDEN':
      return 'Not granted to you, and trying another way will not help. schema shows what you may use; the operator of this server can grant more.';
    case 'UNAUTHENTICATED':
      return 'The operator of this server must correct the token or key.';
    case 'UPSTREAM_ERROR':
    case 'UPSTREAM_TIMEOUT':
      return extensions.outcome === 'UNKNOWN'
        ? 'Read the record before sending this again: it may have been done.'
        : 'Try again once; if it fails again, tell the user that Freshsales does not answer.';
    default:
      return undefined;
  }
}

function waitFor(seconds: unknown): string {
  if (typeof seconds !== 'number') return 'Wait before calling again; quota tells what is left.';
  const at = new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');
  return `Wait ${seconds} seconds, until ${at}; calls before that fail as well. quota tells what is left.`;
}

/** Suggests existing fields or values for an unknown one. */
function whatExists(message: string, schema: GraphQLSchema): string | undefined {
  const [, owner, name] = /on field "(\w+)\.(\w+)"/.exec(message) ?? [];
  if (owner && name) return fieldOf(schema, owner, name);
  const types = [...message.matchAll(/"\[?(\w+)/g)].flatMap(([, quoted = '']) => schema.getType(quoted) ?? []);
  for (const type of types) {
    if (isObjectType(type) || isInterfaceType(type))
      return `${type.name} has: ${Object.keys(type.getFields()).join(' ')}. Its types and arguments: schema with search “${type.name}”.`;
    if (isInputObjectType(type) || isEnumType(type)) return compactType(type);
  }
  return undefined;
}

function fieldOf(schema: GraphQLSchema, owner: string, name: string): string | undefined {
  const type = schema.getType(owner);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  return field && `It is ${signatureOf(field)}`;
}
