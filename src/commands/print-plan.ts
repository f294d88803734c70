import type { OperationDefinitionNode } from 'graphql';
import type { Plan, PlannedCall } from '../graph/plan/planned-call.ts';

/** An operation of a file, and what it will cost. */
export interface PlannedOperation {
  readonly file: string;
  readonly operation: string;
  /** Values that were assumed for variables nobody gave. */
  readonly assumed: Readonly<Record<string, unknown>>;
  /** The bound that is held against the limit; null where nobody can say. */
  readonly bound: number | null;
  readonly withinLimit: boolean;
  readonly plan: Plan;
}

export const nameOf = ({ operation, name }: OperationDefinitionNode): string =>
  `${operation} ${name?.value ?? '(unnamed)'}`;

/** Says of an operation that it is over the limit. */
export function overLimit({ file, operation, bound }: PlannedOperation, limit: number, { lower = false } = {}): string {
  const cost = bound === null ? 'any number of calls' : count(bound);
  return `${file}: ${operation} ${lower ? `costs ${cost} at the least` : `may cost ${cost}`}, over the limit of ${limit}.`;
}

/** A plan as people read it. What accounts cost that honour no include is told in one number, unless it is asked for. */
export function printPlan({ file, operation, assumed, plan }: PlannedOperation, { worst = false } = {}): string {
  const { calls, fallbacks, advice, lowerBound, upperBoundIfHonoured, upperBound } = plan;
  const lines = [
    `${file}: ${operation}`,
    `  ${range(lowerBound, upperBoundIfHonoured)}; ${upperBound ?? 'any number'} at the most where includes are not honoured`,
    ...Object.entries(assumed).map(([name, value]) => `  assuming $${name} is ${JSON.stringify(value)}`),
    ...calls.map(callLine),
    ...(worst ? fallbacks.map(callLine) : []),
    ...advice.map((each) => `  advice: ${each}`),
  ];
  return `${lines.join('\n')}\n`;
}

const range = (least: number, most: number | null): string =>
  least === most ? count(least) : `${least} to ${most ?? 'any number of'} calls`;

const count = (calls: number): string => (calls === 1 ? '1 call' : `${calls} calls`);

function callLine({ order, method, path, include, fields, per, atMost, certain, when, cached }: PlannedCall): string {
  const times = atMost === null ? 'any number of times' : atMost === 1 ? 'once' : `up to ${atMost} times`;
  const asked = include.length > 0 ? ` include=${include.join(',')}` : '';
  const notes = [
    certain ? times : `perhaps ${times}`,
    ...(per === 'record' ? ['for each record'] : []),
    ...(when ? [when] : []),
    ...(cached ? ['known already'] : []),
  ];
  return `  ${order}. ${method} ${path}${asked}\n     ${notes.join(', ')}: ${fields.join(' ')}`;
}
