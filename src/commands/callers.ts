import { chmodSync, chownSync, existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { type Document, isMap, isSeq, parseDocument } from 'yaml';
import { CallersError, hashOf, newToken, parseCallers, readCallersText } from '../access/callers-file.ts';
import { KINDS, SELF } from '../access/grant.ts';
import { fieldsOfType } from '../access/permissions.ts';
import { callersPath } from '../config/config.ts';
import { schema } from '../server/schema.ts';
import { print } from '../terminal.ts';
import { StartError } from './start.ts';

interface CallersCommand {
  readonly file?: string | undefined;
}

interface AddCommand extends CallersCommand {
  readonly key?: string | undefined;
  readonly account?: string | undefined;
  /** Grants such as `contacts=read`. */
  readonly grant: readonly string[];
}

/** Checks the file only. The server checks that the variables are set. */
const parse = (path: string, text: string) =>
  parseCallers(text, { path, fieldsOf: fieldsOfType(schema), keyNamed: () => 'not looked at' }).callers;

/** Adds a caller and prints its token once. */
export function addCaller(name: string, { file, key, account, grant }: AddCommand): void {
  const path = file ?? callersPath();
  const grants = Object.fromEntries(grant.map(toGrant));
  const { text, token } = withCaller(path, { name, key, account, grants });
  parse(path, text);
  replaceFile(path, text);
  const next = grant.length > 0 ? [] : [`It has no grants yet. Add them in ${path} (docs/callers.md).`];
  print(
    `Added ${name} to ${path}. Its token, shown only once:`,
    '',
    `  ${token}`,
    '',
    'Send it with each request: “Authorization: Bearer …”.',
    `Start the server with FRESHSALES_CALLERS=${path}.`,
    ...next,
  );
}

function toGrant(text: string): [string, string] {
  const [kind = '', access = ''] = text.split('=');
  if (!kind || !access) throw new StartError(`--grant ${text} is not valid. Provide it as contacts=read.`);
  if (!KINDS.some((each) => each === kind))
    throw new StartError(`--grant ${text} is not valid: “${kind}” is unknown. Use one of ${KINDS.join(', ')}.`);
  return [kind, access];
}

/** Removes a caller. A running server notices within two seconds. */
export function removeCaller(name: string, { file }: CallersCommand): void {
  const path = file ?? callersPath();
  replaceFile(path, withoutCaller(path, name));
  print(`Removed ${name} from ${path}. A running server refuses its token within two seconds.`);
}

/** Prints the callers and their grants. */
export function listCallers({ file }: CallersCommand): void {
  const path = file ?? callersPath();
  const callers = parse(path, readCallersText(path));
  for (const { name, account, key, grants, allowance, trusted } of callers) {
    const given = KINDS.filter((kind) => grants[kind].access !== 'off').map(
      (kind) => `${kind}: ${grants[kind].access}${narrowed(grants[kind])}`,
    );
    const calls = allowance.callsPerHour === undefined ? 'no limit' : `${allowance.callsPerHour} calls an hour`;
    print(
      `${name} (${keyShown(account, key)}; ${calls}; ${allowance.priority}${trusted ? `; ${trusted.size} trusted documents` : ''})`,
      `  ${given.join(', ') || 'nothing granted'}`,
    );
  }
  if (callers.length === 0) print(`There are no callers in ${path}.`);
}

/** The key of an account is named in the file of accounts. */
const keyShown = (account: string | undefined, key: string): string =>
  account === undefined ? key : `${account}${key === 'FRESHSALES_API_KEY' ? '' : `; ${key}`}`;

const narrowed = (grant: {
  fields?: unknown;
  views?: unknown;
  owner?: unknown;
  hideCustomFields: readonly string[];
}): string => {
  const words = [
    grant.fields && 'some fields',
    grant.views && 'some views',
    grant.owner && (grant.owner === SELF ? 'of its own user' : 'of one owner'),
    grant.hideCustomFields.length > 0 && 'without some custom fields',
  ].filter(Boolean);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
};

interface NewCaller {
  readonly name: string;
  /** Name of the environment variable with the Freshsales key. */
  readonly key?: string | undefined;
  /** Name of its account, if there are several. */
  readonly account?: string | undefined;
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
    throw new CallersError(`${path} is not valid YAML. Fix it first: “freshsales-graphql callers list” says where.`);
  return document;
}

/** Adds a caller and keeps the rest of the file, comments included. Returns the text and the token, which is stored nowhere. */
export function withCaller(path: string, { name, key, account, grants }: NewCaller): { text: string; token: string } {
  const document = open(path);
  if (namesIn(document).includes(name))
    throw new CallersError(`${path} already has a caller “${name}”. Remove it first, or choose another name.`);
  const token = newToken();
  const given = { ...(account !== undefined && { account }), ...(key !== undefined && { key }) };
  const entry = { name, token: `sha256:${hashOf(token)}`, ...given, grants };
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

/** Replaces the file atomically, so that a server never reads half of it. Its permissions are kept. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  const replaced = statSync(path, { throwIfNoEntry: false });
  if (replaced) {
    // Only root can give a file to another user.
    if (process.getuid?.() === 0) chownSync(draft, replaced.uid, replaced.gid);
    chmodSync(draft, replaced.mode);
  }
  renameSync(draft, path);
}
