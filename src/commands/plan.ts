import { existsSync, readFileSync } from 'node:fs';
import {
  type DocumentNode,
  GraphQLError,
  Kind,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  parse,
  Source,
  specifiedRules,
  validate,
} from 'graphql';
import { assumedVariables } from '../graph/plan/assume.ts';
import { operationsOf } from '../graph/plan/operation.ts';
import { planOperation } from '../graph/plan/plan.ts';
import { schema } from '../schema.ts';
import { type PlannedOperation, printPlan } from './print-plan.ts';
import { StartError } from './start-error.ts';

export interface PlanCommand {
  /** JSON, or a file of it. */
  readonly variables?: string;
  /** Calls that no operation may exceed. */
  readonly limit?: string;
  /** Hold the lower bound against the limit. */
  readonly lower?: boolean;
  /** Hold the upper bound against it that holds for every account. */
  readonly worst?: boolean;
  readonly json?: boolean;
}

/** Prints what the operations of some files will cost. It needs no account, and no network. */
export function plan(files: readonly string[], command: PlanCommand): void {
  const limit = limitOf(command.limit);
  const variables = variablesOf(command.variables);
  const documents = files.map((file) => ({ file, document: read(file) }));
  const fragments = documents.flatMap(({ document }) =>
    document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION),
  );
  const planned = documents.flatMap(({ file, document }) =>
    operationsOf(document).map((operation) => planOne(file, operation, { fragments, variables, command, limit })),
  );
  if (planned.length === 0) throw new StartError('There are no operations in these files.');
  const text = command.json
    ? `${JSON.stringify(planned, null, 2)}\n`
    : planned.map((each) => printPlan(each, command)).join('\n');
  process.stdout.write(text);
  const over = planned.filter(({ withinLimit }) => !withinLimit);
  for (const { file, operation, bound } of over)
    process.stderr.write(
      `${file}: ${operation} may cost ${bound ?? 'any number of'} calls, over the limit of ${limit}.\n`,
    );
  if (over.length > 0) process.exitCode = 1;
}

interface Given {
  readonly fragments: DocumentNode['definitions'];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly command: PlanCommand;
  readonly limit: number;
}

function planOne(
  file: string,
  operation: OperationDefinitionNode,
  { fragments, variables, command, limit }: Given,
): PlannedOperation {
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  // Fragments are shared by all files, so that most are of no use to one operation.
  const [invalid] = validate(
    schema,
    document,
    specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule),
  );
  if (invalid) throw new StartError(located(file, invalid));
  const declared = new Set(operation.variableDefinitions?.map(({ variable }) => variable.name.value));
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => declared.has(name)));
  const assumed = assumedVariables(schema, operation, given);
  const plan = planOperation(schema, { document, variables: { ...assumed, ...given } });
  if (!plan) throw new StartError(`${file}: the variables do not fit ${nameOf(operation)}.`);
  const bound = command.worst ? plan.upperBound : command.lower ? plan.lowerBound : plan.upperBoundIfHonoured;
  const withinLimit = (bound ?? Number.POSITIVE_INFINITY) <= limit || limit === Number.POSITIVE_INFINITY;
  return { file, operation: nameOf(operation), assumed, bound, withinLimit, plan };
}

const nameOf = ({ operation, name }: OperationDefinitionNode): string => `${operation} ${name?.value ?? '(unnamed)'}`;

function read(file: string): DocumentNode {
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`);
  try {
    return parse(new Source(readFileSync(file, 'utf8'), file));
  } catch (error) {
    if (error instanceof GraphQLError) throw new StartError(located(file, error));
    throw error;
  }
}

function located(file: string, { locations, message }: GraphQLError): string {
  const [{ line, column } = { line: 1, column: 1 }] = locations ?? [];
  return `${file}:${line}:${column}: ${message}`;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  if (!/^\d+$/.test(text))
    throw new StartError('--limit is not valid. Give a whole number of calls, such as --limit 10.');
  return Number(text);
}

function variablesOf(text: string | undefined): Readonly<Record<string, unknown>> {
  if (text === undefined) return {};
  const json = existsSync(text) ? readFileSync(text, 'utf8') : text;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new StartError('--variables is not valid. Give a JSON object, or a file that holds one.');
}
