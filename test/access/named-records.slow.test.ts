import { describe, expect, test } from 'vitest';
import { KINDS, type Kind, kindOfType } from '../../src/access/grant.ts';
import type { Resource } from '../../src/freshsales/resource.ts';
import { lookups } from '../../src/lookups/index.ts';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { sourceOf } from '../../src/records/field-needs.ts';
import { recordTypes, tables } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { ALEX, PRIYA } from '../mutations/office.ts';
import { argumentsFor, type NamedInput, namedInputs } from './named-inputs.ts';
import { grantsExcept, openOffice } from './office.ts';

const inputs = namedInputs();
const lookupNames = lookups.map(({ name }) => name);

/** Types of records that have an owner, and may be granted to one owner. */
const isOwned = ({ blank }: Resource): boolean => 'owner_id' in blank;
const OWNED = recordTypes.filter(isOwned).map(({ name }) => name);

/** Types that are granted whole or not at all. */
const rest = recordTypes.filter((each) => !isOwned(each)).map(({ name }) => name);
const WHOLE = [...rest, 'User', 'ContactList', 'ProductPricing', ...lookupNames];

/** Inputs called like ids that name no record: Freshsales checks them. */
const PLAIN = ['lostReasonId', 'externalId', 'subscriptionTypes', 'unsubscriptionReason'];

/** What a caller may not do at all who sees one owner's records of the type that it is about. */
const NEVER_OWNED = /^(upsert|bulk|restore)/;

/** What a caller may not do who sees one owner's records of one of these types only. */
const NEVER: Readonly<Record<string, readonly string[]>> = {
  removeAllContactsFromList: ['Contact'],
  convertLead: ['Contact', 'SalesAccount', 'Deal'],
};

/** The type of record that a mutation writes. */
const writtenBy = ({ mutation }: NamedInput): string =>
  sourceOf(schema.getMutationType()?.getFields()[mutation]?.extensions ?? {}).write?.type ?? '';

const titleOf = ({ mutation, path }: NamedInput) => `${mutation}(${path.join('.')})`;

test('classifies every input that takes an id or an identifier', () => {
  const unknown = inputs.filter(({ types, path }) => {
    const name = path.at(-1) ?? '';
    const isIdentifier = types.length === 0 && (path.includes('by') || ['email', 'name'].includes(name));
    return (
      !(types.length > 0 && types.every((type) => [...OWNED, ...WHOLE].includes(type))) &&
      !isIdentifier &&
      !PLAIN.includes(name)
    );
  });
  const hint =
    'Declare beside the input what it takes ids of: by ref or refs of src/mutations/writable.ts, or refersTo of src/mutations/refers-to.ts. Ids of no record go to PLAIN in test/access/named-records.slow.test.ts.';
  expect(unknown.map(titleOf), hint).toEqual([]);
  expect(inputs.length).toBeGreaterThan(150);
});

type Office = Awaited<ReturnType<typeof openOffice>>;

const productOf = ({ mutation, types }: NamedInput, type = '') =>
  /Lead/.test(mutation) || type === 'Lead' || types.every((each) => each === 'Lead' && types.length > 0)
    ? 'classic'
    : 'suite';

const resourceNamed = (type: string): Resource | undefined => recordTypes.find(({ name }) => name === type);

let next = 5_000_000;
const freshId = () => {
  next += 1;
  return String(next);
};

/** Puts a record of a type into the sandbox, that this user owns. */
function put({ sandbox }: Office, type: string, owner: string, isDeleted = false): string {
  const recordType = resourceNamed(type);
  const id = freshId();
  if (type === 'User') return ALEX;
  if (type === 'ContactList') return sandbox.put(contactListLookup, { id, name: `List ${id}` }).id;
  if (type === 'ProductPricing') return '1';
  const lookup = lookups.find(({ name }) => name === type);
  if (!recordType) return (lookup && sandbox.rows(lookup)[0]?.id) ?? '1';
  const names = { name: `Name ${id}`, title: `Title ${id}`, last_name: `Last ${id}`, display_name: `Last ${id}` };
  const columns = Object.fromEntries(Object.entries(names).filter(([column]) => column in recordType.blank));
  if (type === 'SalesActivity')
    Object.assign(columns, { start_date: '2026-07-01T10:00:00+02:00', end_date: '2026-07-01T11:00:00+02:00' });
  const about = type === 'Task' ? { due_date: '2026-07-01T10:00:00+02:00', status: 0 } : {};
  const times =
    type === 'Appointment' ? { from_date: '2026-07-01T10:00:00+02:00', end_date: '2026-07-01T11:00:00+02:00' } : {};
  const owned = 'owner_id' in recordType.blank ? { owner_id: owner } : {};
  return sandbox.put(recordType, {
    id,
    ...columns,
    ...about,
    ...times,
    ...owned,
    ...(isDeleted && { is_deleted: true }),
  } as never).id;
}

const isRestored = ({ mutation }: NamedInput) => mutation.startsWith('restore');

const everything = ({ sandbox }: Office) =>
  JSON.stringify([...tables].map((table) => [table.name, sandbox.rows(table)]));

async function send(office: Office, caller: string, input: NamedInput, id: string) {
  const own = new Map<string, string>();
  const ownOf = (type: string, at = '') => {
    const known = own.get(`${type} ${at}`) ?? put(office, type, ALEX);
    own.set(`${type} ${at}`, known);
    return known;
  };
  const variables = argumentsFor(input, id, ownOf) as Record<string, unknown>;
  const args = schema.getMutationType()?.getFields()[input.mutation]?.args ?? [];
  const given = args.filter(({ name }) => name in variables);
  const heads = given.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const query = `mutation(${heads}) { it: ${input.mutation}(${given.map(({ name }) => `${name}: $${name}`).join(', ')}) { userErrors { field code message } } }`;
  const before = everything(office);
  const { data, errors, codes, requests } = await office.ask(caller, query, variables);
  const problems = (data as unknown as { it?: { userErrors?: { code: string }[] } } | undefined)?.it?.userErrors ?? [];
  const written = requests.filter((line) => !line.startsWith('GET') && !line.includes('filtered_search'));
  // What the operation names otherwise is new in each of them.
  const hide = (value: unknown) =>
    [id.split('/').at(-1) ?? '', ...own.values()].reduce(
      (text, each) => text.replaceAll(each, 'ID'),
      JSON.stringify(value) ?? '',
    );
  return {
    codes: [...new Set([...codes.map(String), ...problems.map(({ code }) => code)])],
    said: hide({ data, errors: errors?.map(({ message, extensions }) => ({ message, code: extensions.code })) }),
    calls: hide(requests.toSorted()),
    written,
    changed: everything(office) !== before,
  };
}

const ownerGrants = (types: readonly string[]) =>
  grantsExcept(
    KINDS,
    'full',
    Object.fromEntries(types.map((type) => [kindOfType(type) as Kind, `{ access: full, owner: "${ALEX}" }`])),
  );

const isRefusedWhole = (input: NamedInput, owned: readonly string[]): boolean => {
  const { mutation, path } = input;
  return (
    (NEVER_OWNED.test(mutation) && owned.includes(writtenBy(input))) ||
    (NEVER[mutation] ?? []).some((type) => owned.includes(type)) ||
    // A whole set, of which the caller sees a part.
    (path.includes('products') && owned.includes('Product')) ||
    (path.includes('salesAccounts') && owned.includes('SalesAccount') && NEVER_OWNED.test(mutation))
  );
};

describe.each(['suite', 'classic'] as const)('on %s', (product) => {
  const cases = inputs.flatMap((input) =>
    input.types
      .filter((type) => OWNED.includes(type) && productOf(input, type) === product)
      .map((type) => [type, input] as const),
  );

  test.each(OWNED.filter((type) => cases.some(([each]) => each === type)))(
    'a caller with one owner’s %s names no other',
    async (type) => {
      const office = await openOffice(
        { Some: ownerGrants([type]), All: ownerGrants(OWNED) },
        { product, seed: () => {} },
      );
      const toGid = (id: string) => `gid://freshsales/${type}/${id}`;
      for (const [each, input] of cases)
        for (const [caller, owned] of [
          ['Some', [type]],
          ['All', OWNED],
        ] as const) {
          if (each !== type) continue;
          const what = `${caller}: ${titleOf(input)} of ${type}, see src/access/authorizer.ts:`;
          const foreign = await send(office, caller, input, toGid(put(office, type, PRIYA, isRestored(input))));
          const missing = await send(office, caller, input, toGid(freshId()));
          expect(foreign.codes, `${what} ${foreign.said}`).toEqual([expect.stringMatching(/^(NOT_FOUND|FORBIDDEN)$/)]);
          expect({ what, ...foreign }).toEqual({ what, ...missing });
          expect({ what, ...foreign }).toMatchObject({ changed: false, written: [] });
          const own = await send(office, caller, input, toGid(put(office, type, ALEX, isRestored(input))));
          if (isRefusedWhole(input, owned))
            expect({ what, ...own }).toMatchObject({ codes: ['FORBIDDEN'], calls: '[]' });
          else expect(own.codes, `${what} ${own.said}`).toEqual([]);
          // The comparison of everything stays short.
          office.sandbox.reset();
        }
    },
    120_000,
  );
});

const namedKinds = KINDS.filter((kind) => inputs.some(({ types }) => types.some((type) => kindOfType(type) === kind)));

test.each(namedKinds)(
  'without %s no record of it is named',
  async (kind) => {
    const all = inputs.filter(({ types }) => types.some((type) => kindOfType(type) === kind));
    const classic = await openOffice(
      { Some: grantsExcept(KINDS, 'full', { [kind]: 'off' }) },
      { product: 'classic', seed: () => {} },
    );
    for (const input of all) {
      const type = input.types.find((each) => kindOfType(each) === kind) ?? '';
      const what = `${titleOf(input)} of ${type}`;
      const answer = await send(classic, 'Some', input, `gid://freshsales/${type}/${put(classic, type, PRIYA)}`);
      expect({ what, ...answer }).toMatchObject({
        codes: expect.arrayContaining(['FORBIDDEN']),
        calls: '[]',
        changed: false,
      });
    }
  },
  60_000,
);

const identifiers = inputs.filter(
  ({ mutation, types, path }) =>
    types.length === 0 && path.length === 2 && (path[0] === 'by' || mutation.startsWith('bulkUpsert')),
);

test('refuses an identifier if the caller may not read its field', async () => {
  for (const input of identifiers) {
    const field = input.path.at(-1) ?? '';
    const type = writtenBy(input);
    const kind = kindOfType(type) as Kind;
    const office = await openOffice(
      {
        Without: grantsExcept(KINDS, 'full', {
          [kind]: '{ access: full, fields: [city, jobTitle, probability] }'.replace(
            type === 'SalesAccount'
              ? ', jobTitle, probability'
              : type === 'Deal'
                ? 'city, jobTitle, '
                : ', probability',
            '',
          ),
        }),
        Views: grantsExcept(KINDS, 'full', { [kind]: '{ access: full, views: ["1"] }' }),
      },
      { product: type === 'Lead' ? 'classic' : 'suite', seed: () => {} },
    );
    for (const caller of ['Without', 'Views'])
      expect({
        caller,
        title: titleOf(input),
        ...(await send(office, caller, input, `${field}@x.example`)),
      }).toMatchObject({
        codes: expect.arrayContaining(['FORBIDDEN']),
        calls: '[]',
        changed: false,
      });
  }
});
