import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { CallersError, hashOf, newToken, readCallersText } from './callers-file.ts';

export interface NewCaller {
  readonly name: string;
  /** Name of the environment variable with the Freshsales key. */
  readonly key?: string | undefined;
  /** Access by kind. */
  readonly grants: Readonly<Record<string, string>>;
}

const HEAD = ' The callers of this server and their grants. See docs/callers.md.';

/** The name at an index of the list. */
const nameAt = (document: Document, index: number): unknown => document.getIn(['callers', index, 'name']);

function namesIn(document: Document): unknown[] {
  const list = document.get('callers');
  return isSeq(list) ? list.items.map((_item, index) => nameAt(document, index)) : [];
}

function open(path: string): Document {
  const document = parseDocument(existsSync(path) ? readCallersText(path) : '');
  if (document.errors.length > 0)
    throw new CallersError(`${path} is not valid YAML. Mend it first: “freshsales-graphql callers list” says where.`);
  return document;
}

/** Adds a caller and keeps the rest of the file, comments included. Returns the text and the token, which is stored nowhere. */
export function withCaller(path: string, { name, key, grants }: NewCaller): { text: string; token: string } {
  const document = open(path);
  if (namesIn(document).includes(name))
    throw new CallersError(`${path} has a caller “${name}” already. Remove it first, or take another name.`);
  const token = newToken();
  const entry = { name, token: `sha256:${hashOf(token)}`, ...(key !== undefined && { key }), grants };
  if (!isMap(document.contents)) {
    document.contents = document.createNode({ callers: [entry] }) as typeof document.contents;
    document.commentBefore = HEAD;
  } else if (isSeq(document.get('callers'))) document.addIn(['callers'], document.createNode(entry));
  else document.set('callers', document.createNode([entry]));
  return { text: document.toString({ lineWidth: 0 }), token };
}

/** Removes a caller. */
export function withoutCaller(path: string, name: string): string {
  const document = open(path);
  const index = namesIn(document).indexOf(name);
  if (index < 0)
    throw new CallersError(`${path} has no caller “${name}”. It has ${namesIn(document).join(', ') || 'none'}.`);
  document.deleteIn(['callers', index]);
  return document.toString({ lineWidth: 0 });
}

/** Replaces the file atomically, so that a server never reads half of it. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
