import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { NotTextError, readText } from './text-file.ts';

/** Reports a problem at a place in the file, without a full stop. */
export type Complain = (path: readonly PropertyKey[], message: string) => void;

interface YamlFileOptions<T> {
  /** Path of the file, for messages. */
  readonly path: string;
  readonly shape: z.ZodType<T>;
  /** Keys that are known at a place in the file. */
  readonly knownAt: (path: readonly PropertyKey[]) => readonly string[];
  readonly toError: (message: string) => Error;
}

/** Reads a YAML file that people edit. `howToCreate` completes the message if it does not exist. */
export function readYamlText(path: string, howToCreate: string, toError: (message: string) => Error): string {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof NotTextError) throw toError(`${path} ${error.message}.`);
    throw toError(unreadable(path, (error as { code?: string }).code, howToCreate));
  }
}

function unreadable(path: string, code: string | undefined, howToCreate: string): string {
  if (code === 'ENOENT') return `${path} does not exist. ${howToCreate}`;
  // Docker creates a folder for a file that is mounted before it exists.
  if (code === 'EISDIR') return `${path} is a folder, not a file. ${howToCreate}`;
  const uid = process.getuid?.();
  if (code === 'EACCES' && uid !== undefined)
    return `${path} cannot be read by the user of this process (id ${uid}). Change its owner or its permissions.`;
  return `${path} cannot be read (${code}). ${howToCreate}`;
}

/**
 * Parses a YAML file and passes it on to be checked. Throws one error with all problems: each line has file, line and fix.
 *
 * @param check Reports what the shape cannot say. Its result is the content of the file.
 */
export function parseYaml<T, R>(
  text: string,
  { path: name, shape, knownAt, toError }: YamlFileOptions<T>,
  check: (content: T, complain: Complain) => R,
): R {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults: string[] = [];
  const say = (offset: number, message: string) =>
    faults.push(`${name}:${lines.linePos(offset).line || 1}: ${message}`);
  const fail = () => {
    if (faults.length > 0) throw toError(faults.join('\n'));
  };
  for (const error of document.errors) say(error.pos[0], `${error.message}. Fix the YAML here.`);
  fail();
  const complain: Complain = (path, message) => say(offsetOf(document, path), `${message}.`);
  const parsed = shape.safeParse(document.toJS() ?? {});
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        complain([...issue.path, key], `“${key}” is unknown here. Use one of ${knownAt(issue.path).join(', ')}`);
    else complain(issue.path, explained(issue));
  }
  fail();
  const result = check(parsed.data as T, complain);
  fail();
  return result;
}

const explained = ({ path, message }: z.core.$ZodIssue): string =>
  /^Invalid|^Too/.test(message) ? `“${String(path.at(-1))}” is not valid here: ${message}` : message;

/** Offset of a path in the text, or of its nearest parent. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const [parent, last] = [document.getIn(path.slice(0, length - 1), true), path[length - 1]];
    if (isMap(parent)) {
      const key = parent.items.map((pair) => pair.key).find((each) => isScalar(each) && each.value === last);
      if (isScalar(key) && key.range) return key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] | null } | undefined;
    if (node?.range?.[0] !== undefined) return node.range[0];
  }
  return 0;
}
