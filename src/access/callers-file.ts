import { createHash, randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type AllowanceSettings, PRIORITIES } from '../quota/allowance.ts';
import { ACCESSES, type Grant } from '../records/context.ts';
import { NotTextError, readText } from '../text-file.ts';
import { type Grants, KINDS, recordTypeOfKind, toGrants, WITHHOLDABLE } from './grant.ts';

/** What a caller can be required to confirm. */
const CONFIRMABLE = ['delete', 'forget', 'bulk'] as const;

export type Confirmable = (typeof CONFIRMABLE)[number];

/** Default of `bulkFrom`. */
const DEFAULT_BULK_FROM = 10;

/** An entry of the callers file. */
export interface CallerEntry {
  readonly name: string;
  /** SHA-256 of the token, in hex. */
  readonly token: string;
  /** Name of the environment variable with the Freshsales key. */
  readonly key: string;
  readonly grants: Grants;
  readonly allowance: AllowanceSettings;
  /** What the caller must confirm. */
  readonly confirm: readonly Confirmable[];
  /** Number of records from which a request is a bulk write. */
  readonly bulkFrom: number;
  readonly trusted: TrustedDocuments | undefined;
}

/** The callers file is invalid. Each line of the message has file, line and fix. */
export class CallersError extends Error {
  override readonly name = 'CallersError';
}

export interface CallersFileOptions {
  /** Path of the file, for messages and for relative paths in it. */
  readonly path: string;
  /** Field names of a GraphQL type, to find unknown ones. */
  readonly fieldsOf: (typeName: string) => readonly string[];
  /** Value of the environment variable with a key. */
  readonly keyNamed: (name: string) => string | undefined;
}

const words = (list: readonly string[]) => `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;

const count = (what: string) =>
  z
    .number({ error: `${what} must be a whole number from 1, such as 200` })
    .int()
    .min(1);

const id = z
  .union([z.string(), z.number().int().max(Number.MAX_SAFE_INTEGER)])
  .transform(String)
  .refine((text) => /^\d{1,20}$/.test(text));

const names = (what: string) =>
  z.array(z.union([z.string().min(1), z.number().int()]).transform(String), { error: `${what} must be a list` });

const grant = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'boolean' ? { access: value } : value),
  z.strictObject(
    {
      access: z.enum(ACCESSES, { error: `access must be ${words(ACCESSES)}` }),
      fields: names('fields').optional(),
      views: names('views').optional(),
      owner: id.optional(),
      hideCustomFields: z
        .array(z.string().regex(/^cf_./, { error: 'hideCustomFields takes wire names, such as cf_salary' }))
        .default([]),
      withhold: z.array(z.enum(WITHHOLDABLE, { error: `withhold takes ${WITHHOLDABLE.join(' and ')}` })).default([]),
    },
    { error: `a grant is ${words(ACCESSES)}, or a map with “access” and what narrows it` },
  ),
);

const caller = z.strictObject({
  name: z.string({ error: 'name is missing, or no text' }).trim().min(1).max(80),
  token: z
    .string({ error: 'token is missing: make one with “freshsales-graphql callers add NAME”' })
    .regex(/^(sha256:)?[0-9a-f]{64}$/i, {
      error:
        'token must be the SHA-256 of a token in hex, never the token: “freshsales-graphql callers add NAME” makes both',
    })
    .transform((text) => text.replace(/^sha256:/i, '').toLowerCase()),
  key: z
    .string({ error: 'key must be the name of an environment variable' })
    .regex(/^[A-Z_][A-Z0-9_]*$/, {
      error: 'key must be the NAME of the environment variable that holds the Freshsales key, not the key',
    })
    .default('FRESHSALES_API_KEY'),
  grants: z
    .strictObject(Object.fromEntries(KINDS.map((kind) => [kind, grant.optional()])), {
      error: 'grants must be a map, such as “contacts: read”',
    })
    .default({}),
  allowance: z
    .strictObject({
      callsPerHour: count('callsPerHour').optional(),
      callsPerOperation: count('callsPerOperation').optional(),
      priority: z.enum(PRIORITIES, { error: `priority must be ${words(PRIORITIES)}` }).default('agent'),
    })
    .default({ priority: 'agent' }),
  confirm: z
    .array(z.enum(CONFIRMABLE, { error: `confirm takes ${words(CONFIRMABLE)}` }), { error: 'confirm must be a list' })
    .default([]),
  bulkFrom: count('bulkFrom').default(DEFAULT_BULK_FROM),
  trustedDocuments: z.string({ error: 'trustedDocuments must be the path of a manifest' }).optional(),
});

const file = z.strictObject({
  callers: z.array(caller, { error: 'callers must be a list, each with a name, a token and grants' }),
});

/** Keys that are known at a path. */
function known(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(file.shape);
  if (path.length === 2) return Object.keys(caller.shape);
  if (path.at(-1) === 'grants') return KINDS;
  if (path.at(-1) === 'allowance') return ['callsPerHour', 'callsPerOperation', 'priority'];
  return ['access', 'fields', 'views', 'owner', 'hideCustomFields', 'withhold'];
}

type Complain = (path: readonly PropertyKey[], message: string) => void;

/** The text of a callers file, without byte order mark and with LF line ends. */
export function readCallersText(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    if (error instanceof NotTextError) throw new CallersError(`${path} ${error.message}.`);
    const { code } = error as { code?: string };
    throw new CallersError(
      `${path} cannot be read${code === 'ENOENT' ? '' : ` (${code})`}. Make it with “freshsales-graphql callers add NAME”, or set FRESHSALES_CALLERS to where it is.`,
    );
  }
}

/** Parses a callers file. Throws a CallersError with all problems. */
export function parseCallers(text: string, options: CallersFileOptions): CallerEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults: string[] = [];
  const say = (offset: number, message: string) =>
    faults.push(`${options.path}:${lines.linePos(offset).line || 1}: ${message}`);
  for (const error of document.errors) say(error.pos[0], `${error.message}. Mend the YAML here.`);
  fail(faults);
  const complain: Complain = (path, message) => say(offsetOf(document, path), `${message}.`);
  const parsed = file.safeParse(document.toJS() ?? {});
  for (const issue of parsed.error?.issues ?? []) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys)
        complain([...issue.path, key], `“${key}” is not known here. Known are ${known(issue.path).join(', ')}`);
    else complain(issue.path, explained(issue));
  }
  fail(faults);
  const entries = (parsed.data?.callers ?? []).map((each, index) =>
    toEntry(each, ['callers', index], options, complain),
  );
  duplicates(entries, complain);
  fail(faults);
  return entries;
}

function explained({ path, message }: z.core.$ZodIssue): string {
  if (path.at(-1) === 'owner') return 'owner must be the id of a user, in quotes, such as "31000012345"';
  return /^Invalid|^Too/.test(message) ? `“${String(path.at(-1))}” is not valid here: ${message}` : message;
}

function fail(faults: readonly string[]): void {
  if (faults.length > 0) throw new CallersError(faults.join('\n'));
}

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

function toEntry(
  { name, token, key, grants, allowance, confirm, bulkFrom, trustedDocuments }: z.infer<typeof caller>,
  path: readonly PropertyKey[],
  { path: filePath, fieldsOf, keyNamed }: CallersFileOptions,
  complain: Complain,
): CallerEntry {
  if (!keyNamed(key))
    complain(
      [...path, 'key'],
      `the environment variable ${key} is not set. Set it to a Freshsales key, or name another with “key”`,
    );
  const given = grants as Partial<Record<(typeof KINDS)[number], Grant>>;
  for (const kind of KINDS) {
    const each = given[kind];
    if (each)
      checkNarrowing(each, kind, fieldsOf, (where, message) => complain([...path, 'grants', kind, ...where], message));
  }
  const trusted =
    trustedDocuments === undefined
      ? undefined
      : trust(resolve(dirname(filePath), trustedDocuments), (message) =>
          complain([...path, 'trustedDocuments'], message),
        );
  return { name, token, key, grants: toGrants(withoutTyped(given)), allowance, confirm, bulkFrom, trusted };
}

/** Typed custom fields are granted with the others. */
const plainName = (field: string): string => (field === 'custom' ? 'customFields' : field);

const withoutTyped = (grants: Partial<Record<(typeof KINDS)[number], Grant>>) =>
  Object.fromEntries(
    Object.entries(grants).map(([kind, grant]) => [kind, grant && { ...grant, fields: grant.fields?.map(plainName) }]),
  );

function trust(path: string, complain: (message: string) => void): TrustedDocuments | undefined {
  try {
    return readTrustedDocuments(path);
  } catch (error) {
    complain(
      `${path} cannot be read: ${(error as Error).message}. Write it with codegen’s client preset and “persistedDocuments: true”`,
    );
    return undefined;
  }
}

/** Notes and appointments have a creator, but no owner. */
const hasOwner = (blank: object): boolean => 'owner_id' in blank;

function checkNarrowing(
  { fields, views, owner, hideCustomFields }: Grant,
  kind: (typeof KINDS)[number],
  fieldsOf: CallersFileOptions['fieldsOf'],
  complain: Complain,
): void {
  const recordType = recordTypeOfKind(kind);
  const narrowed = fields ?? views ?? owner ?? (hideCustomFields.length > 0 ? hideCustomFields : undefined);
  if (!recordType) {
    if (narrowed !== undefined) complain([], `${kind} cannot be narrowed. Give ${kind} an access alone`);
    return;
  }
  const there = fieldsOf(recordType.name);
  for (const [index, field] of (fields ?? []).entries())
    if (!there.includes(plainName(field)))
      complain(['fields', index], `${recordType.name} has no field “${field}”. It has ${there.join(', ')}`);
  if (views && !fieldsOf(`${recordType.name}View`).length)
    complain(['views'], `${kind} have no views. Take “views” out`);
  if (owner && !hasOwner(recordType.blank()))
    complain(['owner'], `${kind} have no owner in Freshsales. Take “owner” out, and grant ${kind} or do not`);
  if (hideCustomFields.length > 0 && !('custom_field' in recordType.blank()))
    complain(['hideCustomFields'], `${kind} have no custom fields. Take “hideCustomFields” out`);
}

function duplicates(entries: readonly CallerEntry[], complain: Complain): void {
  for (const [index, { name, token }] of entries.entries()) {
    const before = entries.slice(0, index);
    if (before.some((other) => other.name === name))
      complain(['callers', index, 'name'], `there are two callers “${name}”. Give one another name`);
    if (before.some((other) => other.token === token))
      complain(['callers', index, 'token'], 'two callers have this token. Make one of them a token of its own');
  }
}

/** A prefix lets people and secret scanners recognise a token. */
const PREFIX = 'fsgql_';

/** A new token of 256 random bits. It is shown once. Only its hash is stored. */
export const newToken = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;

/** The hash stored in the file. Tokens are random and long, so a plain SHA-256 is safe. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Documents by hash, from the manifest of codegen (`persistedDocuments` of the client preset). */
type TrustedDocuments = ReadonlyMap<string, string>;

/** Reads `persisted-documents.json`: an object of documents by their hash. */
function readTrustedDocuments(path: string): TrustedDocuments {
  const manifest: unknown = JSON.parse(readText(path));
  const entries = Object.entries(typeof manifest === 'object' && manifest !== null ? manifest : []);
  if (entries.length === 0 || Array.isArray(manifest) || entries.some(([, text]) => typeof text !== 'string'))
    throw new Error('it is not a manifest: an object of documents by their hash');
  return new Map(entries as [string, string][]);
}
