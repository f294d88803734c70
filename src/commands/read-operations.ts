import { readFileSync, statSync } from 'node:fs';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  type OperationDefinitionNode,
  Source,
  specifiedRules,
  UniqueFragmentNamesRule,
  validate,
} from 'graphql';
import { parseShallow, reachedFrom, type SelectingNode, selectingNodes } from '../planner/document.ts';
import { type DocumentLimits, exceededLimit } from '../planner/document-limits.ts';
import { operationsOf } from '../planner/operation.ts';

/** A valid operation of a file. */
export interface FileOperation {
  readonly file: string;
  readonly operation: OperationDefinitionNode;
  /** The operation and its fragments, from any file. */
  readonly document: DocumentNode;
}

interface FileOperations {
  readonly operations: readonly FileOperation[];
  /** Problems of the files, one per line. Files with a problem have no operations. */
  readonly problems: readonly string[];
}

interface Read {
  readonly file: string;
  readonly document: DocumentNode;
}

type Fragments = ReadonlyMap<string, readonly FragmentDefinitionNode[]>;

/** Files may have many operations, and their server may accept larger documents. */
const MAX_FILE_TOKENS = 1_000_000;
const LIMITS: DocumentLimits = { maxDepth: 200, maxAliases: 1000, maxDirectives: 10_000, maxFields: 100_000 };

/** Fragments are shared by all files, so unused and duplicate fragments are checked separately. */
const RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule && rule !== UniqueFragmentNamesRule);

/** The valid operations of files, and the problems of the others. */
export function readOperations(files: readonly string[], schema: GraphQLSchema): FileOperations {
  const problems = new Set<string>();
  const report = (found: readonly string[]) => {
    for (const problem of found) problems.add(problem);
  };
  const documents = [...new Set(files)].flatMap((file): Read[] => {
    const document = read(file);
    if (typeof document !== 'string') return [{ file, document }];
    report([document]);
    return [];
  });
  const fragments = byName(documents.flatMap(({ document }) => fragmentsOf(document)));
  report(duplicates(fragments));
  const operations = documents.flatMap((each) => {
    const found = unlessTooDeep(
      () => operationsIn(each, fragments, schema),
      () => ({ operations: [], problems: [`${each.file}: the document is nested too deeply.`] }),
    );
    report(found.problems);
    return found.operations;
  });
  return { operations, problems: [...problems] };
}

/** Guards against recursion into documents and values that are nested too deeply. */
export function unlessTooDeep<T, U>(work: () => T, tooDeep: () => U): T | U {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return tooDeep();
    throw error;
  }
}

function operationsIn({ file, document }: Read, fragments: Fragments, schema: GraphQLSchema): FileOperations {
  const operations = operationsOf(document);
  const reached = namesReached(selectingNodes(document), fragments);
  const foreign = taken(reached, fragments).filter(({ loc }) => loc?.source.name !== file);
  const whole: DocumentNode = { kind: Kind.DOCUMENT, definitions: [...document.definitions, ...foreign] };
  const isDuplicated = [...reached].some((name) => (fragments.get(name)?.length ?? 0) > 1);
  if (isDuplicated) return { operations: [], problems: [] };
  const exceeded = exceededLimit(whole, LIMITS);
  if (exceeded) return { operations: [], problems: [located(file, exceeded)] };
  const problems = [
    ...validate(schema, whole, RULES).map((error) => located(file, error)),
    ...operations.filter(({ operation }) => operation === 'subscription').map((each) => unplanned(file, each)),
  ];
  if (problems.length > 0) return { operations: [], problems };
  return {
    problems,
    operations: operations.map((operation) => ({
      file,
      operation,
      document: {
        kind: Kind.DOCUMENT,
        definitions: [operation, ...taken(namesReached([operation], fragments), fragments)],
      },
    })),
  };
}

const namesReached = (nodes: readonly SelectingNode[], fragments: Fragments): ReadonlySet<string> =>
  reachedFrom(nodes, (name) => fragments.get(name) ?? []);

const taken = (names: Iterable<string>, fragments: Fragments): FragmentDefinitionNode[] =>
  [...names].flatMap((name) => fragments.get(name)?.slice(0, 1) ?? []);

const fragmentsOf = ({ definitions }: DocumentNode): FragmentDefinitionNode[] =>
  definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);

function byName(fragments: readonly FragmentDefinitionNode[]): Fragments {
  const named = new Map<string, FragmentDefinitionNode[]>();
  for (const each of fragments) {
    const same = named.get(each.name.value);
    if (same) same.push(each);
    else named.set(each.name.value, [each]);
  }
  return named;
}

const duplicates = (fragments: Fragments): string[] =>
  [...fragments].flatMap(([name, [first, ...others]]) =>
    others.map((other) => {
      const error = new GraphQLError(
        `There can be only one fragment named "${name}". Another is at ${first ? placeOf(first) : 'another place'}.`,
        { nodes: other.name },
      );
      return located('', error);
    }),
  );

function placeOf({ name }: FragmentDefinitionNode): string {
  const error = new GraphQLError('', { nodes: name });
  return place('', error);
}

const unplanned = (file: string, operation: OperationDefinitionNode): string =>
  located(
    file,
    new GraphQLError('Subscriptions are not supported. Use queries and mutations.', {
      nodes: operation,
    }),
  );

/** The document in a file, or a one-line problem. */
function read(file: string): DocumentNode | string {
  const text = textOf(file);
  if (text.problem !== undefined) return text.problem;
  try {
    return parseShallow(new Source(text.text, file), { maxTokens: MAX_FILE_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return located(file, error);
    throw error;
  }
}

/** The text of a file, or a one-line problem. */
export function textOf(file: string): { text: string; problem?: undefined } | { problem: string } {
  try {
    if (statSync(file).isDirectory()) return { problem: `${file} is a directory. Name a file.` };
    // Some editors write a byte order mark.
    return { text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { problem: code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be read (${code}).` };
  }
}

/** An error with its location. A fragment may be in another file than its operation. */
export const located = (file: string, error: GraphQLError): string => `${place(file, error)}: ${error.message}`;

function place(file: string, { source, locations }: GraphQLError): string {
  const [{ line, column } = { line: 1, column: 1 }] = locations ?? [];
  return `${source?.name ?? file}:${line}:${column}`;
}
