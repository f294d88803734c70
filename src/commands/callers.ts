import { parseCallers, readCallersText } from '../access/callers-file.ts';
import { replaceFile, withCaller, withoutCaller } from '../access/edit-callers.ts';
import { KINDS } from '../access/kind.ts';
import { fieldsOfType } from '../access/policy.ts';
import { callersPath } from '../config/config.ts';
import { schema } from '../server/schema.ts';
import { print } from '../terminal.ts';
import { StartError } from './start.ts';

export interface CallersCommand {
  readonly file?: string | undefined;
}

export interface AddCommand extends CallersCommand {
  readonly key?: string | undefined;
  /** Grants such as `contacts=read`. */
  readonly grant: readonly string[];
}

/** Checks the file only. The server checks that the variables are set. */
const parse = (path: string, text: string) =>
  parseCallers(text, { path, fieldsOf: fieldsOfType(schema), keyNamed: () => 'not looked at' });

/** Adds a caller and prints its token once. */
export function addCaller(name: string, { file, key, grant }: AddCommand): void {
  const path = file ?? callersPath();
  const grants = Object.fromEntries(grant.map(toGrant));
  const { text, token } = withCaller(path, { name, key, grants });
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
  if (!kind || !access) throw new StartError(`--grant ${text} is not valid. Give it as contacts=read.`);
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
  for (const { name, key, grants, allowance, trusted } of callers) {
    const given = KINDS.filter((kind) => grants[kind].access !== 'off').map(
      (kind) => `${kind}: ${grants[kind].access}${narrowed(grants[kind])}`,
    );
    const calls = allowance.callsPerHour === undefined ? 'no limit' : `${allowance.callsPerHour} calls an hour`;
    print(
      `${name} (${key}; ${calls}; ${allowance.priority}${trusted ? `; ${trusted.size} trusted documents` : ''})`,
      `  ${given.join(', ') || 'nothing granted'}`,
    );
  }
  if (callers.length === 0) print(`There are no callers in ${path}.`);
}

const narrowed = (grant: {
  fields?: unknown;
  views?: unknown;
  owner?: unknown;
  hideCustomFields: readonly string[];
}): string => {
  const words = [
    grant.fields && 'some fields',
    grant.views && 'some views',
    grant.owner && 'of one owner',
    grant.hideCustomFields.length > 0 && 'without some custom fields',
  ].filter(Boolean);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
};
