import { existsSync } from 'node:fs';
import type { GraphQLError, OperationDefinitionNode } from 'graphql';
import { isObject } from '../freshsales/json.ts';
import { assume } from '../planner/assume.ts';
import { coerceVariables } from '../planner/operation.ts';
import { type Plan, planOperation } from '../planner/plan.ts';
import { callsText, type PlannedCall } from '../planner/planned-calls.ts';
import { registry } from '../resources/index.ts';
import { schema } from '../server/schema.ts';
import { print, printJson, warn } from '../terminal.ts';
import { type FileOperation, located, readOperations, textOf, unlessTooDeep } from './read-operations.ts';
import { StartError } from './start.ts';

interface PlanCommand {
  /** JSON, or the path of a JSON file. */
  readonly variables?: string;
  /** The most calls of an operation. */
  readonly limit?: string;
  /** Compare the lower bound with the limit. */
  readonly lower?: boolean;
  /** Compare the upper bound for any account with the limit. */
  readonly worst?: boolean;
  readonly json?: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

/** Prints the cost of operations. Needs no account and no network. */
export function plan(files: readonly string[], command: PlanCommand): void {
  const limit = limitOf(command.limit);
  const variables = variablesOf(command.variables);
  const { operations, problems } = readOperations(files, schema);
  const outcomes = operations.map((each) =>
    unlessTooDeep(
      () => planOne(each, { variables, command, limit }),
      (): Unfit => ({ problems: [`${each.file}: ${nameOf(each.operation)} or its variables are nested too deeply.`] }),
    ),
  );
  const planned = outcomes.flatMap((outcome) => ('plan' in outcome ? [outcome] : []));
  const wrong = [...problems, ...outcomes.flatMap((outcome) => ('plan' in outcome ? [] : outcome.problems))];
  if (planned.length === 0 && wrong.length === 0) throw new StartError('There are no operations in these files.');
  if (planned.length > 0) tell(planned, command);
  for (const problem of wrong) warn(`freshsales-graphql: ${problem}`);
  const over = planned.filter(({ withinLimit }) => !withinLimit);
  for (const each of over) warn(overLimit(each, limit, command));
  if (over.length > 0 || wrong.length > 0) process.exitCode = 1;
}

function tell(planned: readonly PlannedOperation[], command: PlanCommand): void {
  if (command.json) printJson(planned, { indent: 2 });
  else print(...planned.flatMap((each, index) => [...(index > 0 ? [''] : []), ...linesOf(each, command)]));
}

interface Given {
  readonly variables: Variables;
  readonly command: PlanCommand;
  readonly limit: number;
}

interface Unfit {
  readonly problems: readonly string[];
}

function planOne(found: FileOperation, { variables, command, limit }: Given): PlannedOperation | Unfit {
  const { file, operation } = found;
  const given = givenTo(found, variables);
  const errors = misfits(found, given);
  if (errors.length > 0) return { problems: errors.map((error) => located(file, error)) };
  const { document, undecided, variants } = assume(schema, found, given);
  const plans = variants.map((values) => {
    const plan = planOperation(schema, { document, variables: { ...values, ...given } }, { registry });
    // The operation and its variables are valid.
    if (!plan) throw new Error(`${nameOf(operation)} could not be planned.`);
    return { values, plan, bound: boundOf(plan, command) };
  });
  const { values, plan, bound } = plans.reduce((most, each) => (exceeds(each.bound, most.bound) ? each : most));
  const assumed = Object.fromEntries(Object.entries(values).filter(([name]) => !undecided.includes(name)));
  const withinLimit = limit === Number.POSITIVE_INFINITY || !exceeds(bound, limit);
  return { file, operation: nameOf(operation), assumed, undecided, bound, withinLimit, plan };
}

const boundOf = (plan: Plan, { worst, lower }: PlanCommand): number | null =>
  worst ? plan.upperBound : lower ? plan.lowerBound : plan.upperBoundIfHonoured;

/** Without a bound, any number of calls may be made. */
const exceeds = (bound: number | null, than: number | null): boolean =>
  (bound ?? Number.POSITIVE_INFINITY) > (than ?? Number.POSITIVE_INFINITY);

/** Problems with the given variables. */
function misfits({ operation }: FileOperation, given: Variables): readonly GraphQLError[] {
  const definitions = operation.variableDefinitions?.filter(({ variable }) =>
    Object.hasOwn(given, variable.name.value),
  );
  return coerceVariables(schema, { variableDefinitions: definitions ?? [] }, given).errors ?? [];
}

/** The variables that an operation declares. Values under its name apply to it alone. */
function givenTo({ operation }: FileOperation, variables: Variables): Variables {
  const declared = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const name = operation.name?.value ?? '';
  const own = Object.hasOwn(variables, name) && !declared.has(name) ? variables[name] : undefined;
  const all = isObject(own) ? { ...variables, ...own } : variables;
  return Object.fromEntries(Object.entries(all).filter(([each]) => declared.has(each)));
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(text))
    throw new StartError('--limit is not valid. Provide a whole number of calls, such as --limit 10.');
  return Number(text);
}

function variablesOf(given: string | undefined): Variables {
  if (given === undefined) return {};
  const file = existsSync(given) ? textOf(given) : { text: given };
  if (file.problem !== undefined) throw new StartError(`--variables is not valid. ${file.problem}`);
  try {
    const value: unknown = JSON.parse(file.text);
    if (isObject(value)) return value;
  } catch {
    // Reported below.
  }
  throw new StartError('--variables is not valid. Provide a JSON object, or the path of a JSON file.');
}

/** An operation of a file, and its cost. */
interface PlannedOperation {
  readonly file: string;
  readonly operation: string;
  /** Assumed values of missing variables. */
  readonly assumed: Readonly<Record<string, unknown>>;
  /** Missing variables without an assumed value. All fields that they may skip or include are counted. */
  readonly undecided: readonly string[];
  /** The bound that is compared with the limit. Null if unknown. */
  readonly bound: number | null;
  readonly withinLimit: boolean;
  readonly plan: Plan;
}

export const nameOf = ({ operation, name }: OperationDefinitionNode): string =>
  `${operation} ${name?.value ?? '(unnamed)'}`;

/** The message for an operation over the limit. */
function overLimit(
  { file, operation, bound, assumed, undecided }: PlannedOperation,
  limit: number,
  { lower = false } = {},
): string {
  const cost = bound === null ? 'any number of calls' : callsText(bound);
  const message = `${file}: ${operation} ${lower ? `costs at least ${cost}` : `may cost ${cost}`}, over the limit of ${limit}.`;
  const isGuess = Object.keys(assumed).length + undecided.length > 0;
  return isGuess ? `${message} Variables were assumed; set them with --variables.` : message;
}

/** A plan as text. The cost on accounts that ignore includes is one number, unless `worst` is set. */
export function linesOf(
  { file, operation, assumed, undecided, plan }: PlannedOperation,
  { worst = false } = {},
): string[] {
  const { calls, fallbacks, hints, lowerBound, upperBoundIfHonoured } = plan;
  return [
    `${file}: ${operation}`,
    `  ${range(lowerBound, upperBoundIfHonoured)}${worstOf(plan)}`,
    ...Object.entries(assumed).map(([name, value]) => `  assuming $${name} is ${shown(value)}`),
    ...undecided.map((name) => `  counting all fields for any $${name}`),
    ...callLines(calls),
    ...(worst ? callLines(fallbacks) : []),
    ...hints.map((each) => `  hint: ${each}`),
  ];
}

const LONGEST = 120;

/** A shortened value. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  const length = Array.isArray(value) && value.length > 1 ? ` (${value.length} of them)` : '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…${length}` : text;
}

/** The most calls on accounts that ignore includes, if that is more. */
const worstOf = ({ upperBound, upperBoundIfHonoured }: Plan): string =>
  upperBound === upperBoundIfHonoured
    ? ''
    : `; up to ${upperBound ?? 'any number of'} ${upperBound === 1 ? 'call' : 'calls'} on an account that ignores includes`;

const range = (least: number, most: number | null): string =>
  least === most ? callsText(least) : `${least} to ${most ?? 'any number of'} calls`;

const callLines = (calls: readonly PlannedCall[]): string[] => calls.flatMap(linesOfCall);

function linesOfCall({
  order,
  method,
  path,
  include,
  fields,
  per,
  atMost,
  certain,
  when,
  cached,
}: PlannedCall): string[] {
  const times = atMost === null ? 'any number of times' : atMost === 1 ? 'once' : `up to ${atMost} times`;
  const asked = include.length > 0 ? ` include=${include.join(',')}` : '';
  const notes = [
    ...(per === 'record' ? ['one per record'] : []),
    certain ? times : atMost === 1 ? 'at most once' : times,
    ...(when ? [when] : []),
    ...(cached ? ['cached'] : []),
  ];
  return [`  ${order}. ${method} ${path}${asked}`, `     ${notes.join(', ')}: ${fields.join(' ')}`];
}
