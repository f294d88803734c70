import type { OperationDefinitionNode } from 'graphql';
import { callsText, type Plan, type PlannedCall } from '../planner/planned-calls.ts';

/** An operation of a file, and its cost. */
export interface PlannedOperation {
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
export function overLimit(
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
