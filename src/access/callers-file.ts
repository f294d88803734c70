import { createHash, randomBytes } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type AllowanceSettings, PRIORITIES } from '../quota/allowance.ts';
import { ACCESSES, type Grant } from '../records/context.ts';
import { type Complain, parseYaml, readYamlText } from '../yaml-file.ts';
import { checkSelf, type Grants, KINDS, type Kind, recordTypeOfKind, SELF, toGrants, WITHHOLDABLE } from './grant.ts';
import { type SignInSettings, signInKeys, signInShape } from './sign-in.ts';
import { type TrustedDocuments, trust } from './trusted-documents.ts';

/** The kinds of writes that a caller can be required to confirm. */
const CONFIRMABLE = ['delete', 'forget', 'bulk'] as const;

export type Confirmable = (typeof CONFIRMABLE)[number];

/** Default of `bulkFrom`. */
const DEFAULT_BULK_FROM = 10;

/** An entry of the callers file. */
export interface CallerEntry {
  readonly name: string;
  /** SHA-256 of the token, in hex. Undefined for a caller that only people who sign in are. */
  readonly token?: string | undefined;
  /** Name of its account. Undefined if the server has one account without a name. */
  readonly account?: string | undefined;
  /** Name of the environment variable with the Freshsales key. */
  readonly key: string;
  readonly grants: Grants;
  readonly allowance: AllowanceSettings;
  /** The writes that the caller must confirm. */
  readonly confirm: readonly Confirmable[];
  /** Number of records from which a request is a bulk write. */
  readonly bulkFrom: number;
  readonly trusted: TrustedDocuments | undefined;
  /** Id or e-mail address of the caller's Freshsales user. For a person who signed in, what the token says. */
  readonly user?: string | undefined;
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
  /** The accounts by name, each with the environment variable of its key. Empty if the server has one account without a name. */
  readonly accounts?: ReadonlyMap<string, string | undefined> | undefined;
  /** People sign in, so the file must say how. */
  readonly signsIn?: boolean;
}

const words = (list: readonly string[]) => `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;

const count = (what: string) =>
  z
    .number({ error: `${what} must be a whole number from 1, such as 200` })
    .int()
    .min(1);

const OWNER = 'owner must be the id of a user, in quotes, such as "31000012345", or self';

const isId = (text: string): boolean => /^\d{1,20}$/.test(text);

const idText = z.union([z.string(), z.number().int().max(Number.MAX_SAFE_INTEGER)], { error: OWNER }).transform(String);

const names = (what: string) =>
  z.array(z.union([z.string().min(1), z.number().int()]).transform(String), { error: `${what} must be a list` });

const grant = z.strictObject(
  {
    access: z.enum(ACCESSES, { error: `access must be ${words(ACCESSES)}` }),
    fields: names('fields').optional(),
    views: names('views').optional(),
    owner: idText.refine((text) => text === SELF || isId(text), { error: OWNER }).optional(),
    hideCustomFields: z
      .array(z.string().regex(/^cf_./i, { error: 'hideCustomFields takes wire names, such as cf_salary' }))
      .default([]),
    withhold: z.array(z.enum(WITHHOLDABLE, { error: `withhold takes ${WITHHOLDABLE.join(' and ')}` })).default([]),
  },
  { error: `a grant is ${words(ACCESSES)}, or a map with “access” and what narrows it` },
);

/** `deals: write` is short for `deals: { access: write }`. */
const grantOrAccess = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'boolean' ? { access: value } : value),
  grant,
);

const allowance = z.strictObject({
  callsPerHour: count('callsPerHour').optional(),
  callsPerOperation: count('callsPerOperation').optional(),
  priority: z.enum(PRIORITIES, { error: `priority must be ${words(PRIORITIES)}` }).default('agent'),
});

const NO_TOKEN = 'token is missing. Create one with “freshsales-graphql callers add NAME”';

const caller = z.strictObject({
  name: z.string({ error: 'name is missing, or no text' }).trim().min(1).max(80),
  token: z
    .string({ error: NO_TOKEN })
    .regex(/^(sha256:)?[0-9a-f]{64}$/i, {
      error:
        'token must be the SHA-256 of a token in hex, never the token: “freshsales-graphql callers add NAME” creates both',
    })
    .transform((text) => text.replace(/^sha256:/i, '').toLowerCase())
    .optional(),
  key: z
    .string({ error: 'key must be the name of an environment variable' })
    .regex(/^[A-Z_][A-Z0-9_]*$/, {
      error: 'key must be the NAME of the environment variable that holds the Freshsales key, not the key',
    })
    .optional(),
  grants: z
    .strictObject(Object.fromEntries(KINDS.map((kind) => [kind, grantOrAccess.optional()])), {
      error: 'grants must be a map, such as “contacts: read”',
    })
    .default({}),
  allowance: allowance.default({ priority: 'agent' }),
  confirm: z
    .array(z.enum(CONFIRMABLE, { error: `confirm takes ${words(CONFIRMABLE)}` }), { error: 'confirm must be a list' })
    .default([]),
  bulkFrom: count('bulkFrom').default(DEFAULT_BULK_FROM),
  user: idText.refine(isId).or(z.email()).optional(),
  trustedDocuments: z.string({ error: 'trustedDocuments must be the path of a manifest' }).optional(),
  account: z.string({ error: 'account must be the name of an account' }).optional(),
});

const file = z.strictObject({
  callers: z.array(caller, { error: 'callers must be a list, each with a name, a token and grants' }),
  jwt: signInShape.optional(),
});

/** Keys that are known at a path. */
function known(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(file.shape);
  if (path[0] === 'jwt') return signInKeys(path);
  if (path.length === 2) return Object.keys(caller.shape);
  if (path.at(-1) === 'grants') return KINDS;
  return Object.keys((path.at(-1) === 'allowance' ? allowance : grant).shape);
}

/** The text of a callers file, without byte order mark and with LF line ends. */
export const readCallersText = (path: string): string =>
  readYamlText(
    path,
    'Create it with “freshsales-graphql callers add NAME”, or set FRESHSALES_CALLERS to its path.',
    toError,
  );

const toError = (message: string) => new CallersError(message);

interface CallersFile {
  readonly callers: readonly CallerEntry[];
  /** The OpenID provider with which people sign in. */
  readonly jwt: SignInSettings | undefined;
}

/** Parses a callers file. Throws a CallersError with all problems. */
export function parseCallers(text: string, options: CallersFileOptions): CallersFile {
  const { path, signsIn = false } = options;
  return parseYaml(text, { path, shape: file, knownAt: known, toError }, ({ callers, jwt }, complain) => {
    const entries = callers.map((each, index) => toEntry(each, ['callers', index], options, complain));
    duplicates(entries, complain);
    if (signsIn && !jwt)
      complain([], '“jwt” is missing, which FRESHSALES_AUTH=jwt needs. Add it with issuer, audience and rules');
    for (const [index, { name, token }] of entries.entries())
      if (token === undefined && !jwt?.rules.some(({ caller: each }) => each === name))
        complain(['callers', index], NO_TOKEN);
    checkSelf(entries, jwt, complain);
    for (const [index, { caller: name }] of (jwt?.rules ?? []).entries())
      if (!entries.some((entry) => entry.name === name))
        complain(['jwt', 'rules', index, 'caller'], `there is no caller “${name}”. Name one of this file`);
    return { callers: entries, jwt };
  });
}

function toEntry(
  { grants, trustedDocuments, ...rest }: z.infer<typeof caller>,
  path: readonly PropertyKey[],
  options: CallersFileOptions,
  complain: Complain,
): CallerEntry {
  const { path: filePath, fieldsOf } = options;
  const key = keyOf(rest, options, (name, message) => complain([...path, name], message));
  const given = grants as Partial<Record<Kind, Grant>>;
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
  return { ...rest, key, grants: toGrants(withoutTyped(given)), trusted };
}

/** The variable with the key of a caller: its own, or that of its account. */
function keyOf(
  { account, key }: Pick<z.infer<typeof caller>, 'account' | 'key'>,
  { accounts, keyNamed }: CallersFileOptions,
  complain: (name: 'account' | 'key', message: string) => void,
): string {
  const found = key ?? (account === undefined ? undefined : accounts?.get(account)) ?? 'FRESHSALES_API_KEY';
  const names = [...(accounts?.keys() ?? [])];
  if (accounts && account === undefined && names.length > 0)
    complain('account', `account is missing. Name the account of this caller: ${names.join(', ')}`);
  else if (accounts && account !== undefined && !accounts.has(account))
    complain(
      'account',
      names.length > 0
        ? `there is no account “${account}”. Name one of ${names.join(', ')}`
        : 'this server has one account without a name. Take “account” out, or set FRESHSALES_ACCOUNTS to a file of accounts',
    );
  else if (!keyNamed(found))
    complain(
      'key',
      `the environment variable ${found} is not set. Set it to a Freshsales key, or name another with “key”`,
    );
  return found;
}

/** Typed custom fields are granted with the others. */
const plainName = (field: string): string => (field === 'custom' ? 'customFields' : field);

const withoutTyped = (grants: Partial<Record<Kind, Grant>>) =>
  Object.fromEntries(
    Object.entries(grants).map(([kind, grant]) => [kind, grant && { ...grant, fields: grant.fields?.map(plainName) }]),
  );

/** Notes and appointments have a creator, but no owner. */
const hasOwner = (blank: object): boolean => 'owner_id' in blank;

function checkNarrowing(
  { fields, views, owner, hideCustomFields }: Grant,
  kind: Kind,
  fieldsOf: CallersFileOptions['fieldsOf'],
  complain: Complain,
): void {
  const recordType = recordTypeOfKind(kind);
  const narrowed = fields ?? views ?? owner ?? (hideCustomFields.length > 0 ? hideCustomFields : undefined);
  if (!recordType) {
    if (narrowed !== undefined) complain([], `${kind} cannot be narrowed. Set ${kind} to an access alone`);
    return;
  }
  const there = fieldsOf(recordType.name);
  for (const [index, field] of (fields ?? []).entries())
    if (!there.includes(plainName(field)))
      complain(['fields', index], `${recordType.name} has no field “${field}”. It has ${there.join(', ')}`);
  if (views && !fieldsOf(`${recordType.name}View`).length)
    complain(['views'], `${kind} have no views. Take “views” out`);
  if (owner && !hasOwner(recordType.blank))
    complain(['owner'], `${kind} have no owner in Freshsales. Take “owner” out, and grant ${kind} or do not`);
  if (hideCustomFields.length > 0 && !('custom_field' in recordType.blank))
    complain(['hideCustomFields'], `${kind} have no custom fields. Take “hideCustomFields” out`);
}

function duplicates(entries: readonly CallerEntry[], complain: Complain): void {
  for (const [index, { name, token }] of entries.entries()) {
    const before = entries.slice(0, index);
    if (before.some((other) => other.name === name))
      complain(['callers', index, 'name'], `there are two callers “${name}”. Rename one of them`);
    if (token !== undefined && before.some((other) => other.token === token))
      complain(['callers', index, 'token'], 'two callers have this token. Create another token for one of them');
  }
}

/** A prefix lets people and secret scanners recognise a token. */
const PREFIX = 'fsgql_';

/** A new token of 256 random bits. It is shown once. Only its hash is stored. */
export const newToken = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;

/** The hash stored in the file. Tokens are random and long, so a plain SHA-256 is safe. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
