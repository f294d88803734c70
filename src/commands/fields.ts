import { writeFileSync } from 'node:fs';
import { readConfig } from '../config/config.ts';
import { toRows } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { isObject, parseJson } from '../freshsales/json.ts';
import type { Account } from '../records/context.ts';
import { registry } from '../resources/index.ts';
import { customizedTypes, type FieldLists } from '../schema/custom-fields/typed-schema.ts';
import { fieldsPath } from '../server/account-schema.ts';
import { connectTo } from '../server/connect.ts';
import { print, printJson, warn } from '../terminal.ts';
import { NotTextError, readText } from '../text-file.ts';
import { StartError, warnOf } from './start.ts';

/** Field lists as the settings endpoints sent them, by path. */
type SavedLists = Readonly<Record<string, readonly unknown[]>>;

/** Saves the field lists of the account, or prints them. One call for each record type. */
export async function saveFields({ out }: { out?: string }): Promise<void> {
  const lists = await readAccountLists();
  if (out === undefined) return printJson(lists, { indent: 2 });
  try {
    writeFileSync(out, `${JSON.stringify(lists, null, 2)}\n`);
  } catch (error) {
    throw new StartError(`${out} cannot be written (${(error as { code?: string }).code}). Choose another path.`);
  }
  const counts = Object.entries(lists).map(([path, fields]) => `${fields.length} of ${path}`);
  print(`Saved to ${out}: the fields of this account, ${counts.join(', ')}.`);
}

/** Reads the lists of the configured account. Throws if one of them cannot be read. */
export async function readAccountLists(): Promise<SavedLists> {
  const config = readConfig();
  const { accounts, own, close } = await connectTo(config);
  warnOf(config);
  if (accounts.length > 1) {
    await close();
    throw new StartError(ONE_ACCOUNT);
  }
  if (!own) {
    await close();
    throw new StartError('There is no key to read the fields with. Set FRESHSALES_API_KEY.');
  }
  return readLists(own).finally(close);
}

const ONE_ACCOUNT =
  'FRESHSALES_ACCOUNTS has several accounts, and this command reads one. Set FRESHSALES_DOMAIN and FRESHSALES_API_KEY instead.';

async function readLists({ freshsales }: Account): Promise<SavedLists> {
  const entries = await Promise.all(
    customizedTypes(registry).map(async (type) => {
      const path = fieldsPath(type);
      try {
        const body = await freshsales.body(path);
        if (isObject(body) && Array.isArray(body.fields)) return [type.path, body.fields] as const;
        return `${path}: Freshsales answered without “fields”.`;
      } catch (error) {
        if (error instanceof FreshsalesError) return `${path}: ${error.message}`;
        throw error;
      }
    }),
  );
  const problems = entries.filter((entry) => typeof entry === 'string');
  if (problems.length > 0) throw new StartError(`The fields cannot be read. ${problems.join(' ')}`);
  return Object.fromEntries(entries.filter((entry) => typeof entry !== 'string'));
}

/** The rows of saved lists. */
export const rowsOf = (lists: SavedLists): FieldLists =>
  Object.fromEntries(Object.entries(lists).map(([path, fields]) => [path, toRows(fields)]));

/** Reads a file of saved lists. Types that it lacks have no typed fields. */
export function readListsFile(file: string): SavedLists {
  const given = parsed(file);
  const paths = customizedTypes(registry).map(({ path }) => path);
  const unknown = Object.keys(given).filter((key) => !paths.includes(key));
  if (unknown.length > 0)
    warn(`Warning: ${file} has “${unknown.join('”, “')}”, which is ignored. Its keys are ${paths.join(', ')}.`);
  const lists = paths.flatMap((path) => {
    const cell = given[path];
    if (cell === undefined) return [];
    // A whole response is accepted too.
    const fields = isObject(cell) ? cell.fields : cell;
    if (!Array.isArray(fields)) throw new StartError(`In ${file}, “${path}” is not a list of fields. ${HOW}`);
    return [[path, fields] as const];
  });
  if (lists.length === 0) throw new StartError(`${file} has no lists of fields. ${HOW}`);
  return Object.fromEntries(lists);
}

const HOW = 'Write the file with “freshsales-graphql fields --out FILE”.';

function parsed(file: string): Record<string, unknown> {
  try {
    const value = parseJson(readText(file));
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof NotTextError) throw new StartError(`${file} ${error.message}.`);
    throw new StartError(`${file} cannot be read (${(error as { code?: string }).code}). ${HOW}`);
  }
  throw new StartError(`${file} is not a JSON object. ${HOW}`);
}
