import { expect, test } from 'vitest';
import { createAuthorizer, intentOf } from '../../src/access/authorizer.ts';
import { KINDS, type Kind, kindOfType, toGrants } from '../../src/access/grant.ts';
import type { Call } from '../../src/freshsales/transport.ts';
import type { Access, Grant } from '../../src/records/context.ts';
import { allCases } from '../mutations/all-cases.ts';
import { namedInputs } from './named-inputs.ts';

const line = (text: string): Pick<Call, 'method' | 'path'> => {
  const [method = 'GET', path = ''] = text.split(' ');
  return { method: method as Call['method'], path };
};

test.each([
  ['GET contacts/1', ['contacts'], undefined],
  ['GET contacts/view/1', ['contacts'], undefined],
  ['GET contacts/1/activities', ['contacts', 'timeline'], undefined],
  ['GET ../deals/1/notes', ['deals', 'notes'], undefined],
  ['POST filtered_search/sales_account', ['salesAccounts'], undefined],
  ['GET selector/owners', ['users'], undefined],
  ['GET selector/deal_pipelines/1/deal_stages', ['lookups'], undefined],
  ['GET settings/deals/fields', ['settings'], undefined],
  ['GET lists', ['contactLists'], undefined],
  ['GET search', ['search'], undefined],
  ['POST contacts', ['contacts'], 'create'],
  ['POST deals/1/clone', ['deals'], 'create'],
  ['POST contacts/upsert', ['contacts'], 'upsert'],
  ['PUT cpq/products/1', ['products'], 'update'],
  ['PUT cpq/products/1/restore', ['products'], 'restore'],
  ['DELETE tasks/1', ['tasks'], 'delete'],
  ['DELETE contacts/1/forget', ['contacts'], 'forget'],
  ['POST contacts/bulk_upsert', ['contacts'], 'bulkUpsert'],
  ['POST contacts/bulk_destroy', ['contacts'], 'bulkDelete'],
  ['PUT deals/bulk_update', ['deals'], 'bulkUpdate'],
  ['POST contacts/bulk_assign_owner', ['contacts'], 'bulkAssign'],
  ['POST cpq/products/products_bulk_delete', ['products'], 'bulkDelete'],
  ['POST leads/1/convert', ['leads', 'contacts', 'salesAccounts', 'deals'], 'update'],
  ['PUT lists/1/add_contacts', ['contactLists'], 'update'],
] as const)('%s', (text, kinds, action) => {
  expect(intentOf(line(text))).toMatchObject({ kinds, ...(action && { action }) });
});

test.each([
  'POST documents',
  'GET contacts/1/conversations',
  'PATCH contacts/1',
  'POST contacts/1/merge/2',
  'DELETE contacts',
  'GET account/export',
])('%s is not known, and refused', (text) => {
  expect(intentOf(line(text))).toBeUndefined();
  const authorizer = createAuthorizer(granting({}, 'full'), () => true);
  expect(() => authorizer.allow(line(text), { priority: 'agent' })).toThrow(/not granted/);
});

function granting(given: Partial<Record<Kind, Partial<Grant>>>, others: Access = 'off') {
  const grant = (kind: Kind): Grant => ({ access: others, hideCustomFields: [], withhold: [], ...given[kind] });
  return toGrants(Object.fromEntries(KINDS.map((kind) => [kind, grant(kind)])));
}

const attempt = (grants: ReturnType<typeof granting>, text: string, body?: object, proven: readonly string[] = []) => {
  const authorizer = createAuthorizer(grants, (kind, id) => proven.includes(`${kind}/${id}`));
  try {
    authorizer.allow({ ...line(text), ...(body && { body }) }, { priority: 'agent' });
    return 'allowed';
  } catch (error) {
    return (error as Error).message;
  }
};

test('includes lower levels of access, and excludes withheld parts', () => {
  const calls = [
    'GET deals/1',
    'POST deals',
    'PUT deals/1',
    'DELETE deals/1',
    'DELETE deals/1/forget',
    'POST deals/bulk_destroy',
    'POST deals/bulk_upsert',
  ];
  const allowed = (grant: Partial<Grant>) =>
    calls.filter((text) => attempt(granting({ deals: grant }), text) === 'allowed');
  expect(allowed({})).toEqual([]);
  expect(allowed({ access: 'read' })).toEqual(calls.slice(0, 1));
  expect(allowed({ access: 'write' })).toEqual(calls.slice(0, 3));
  expect(allowed({ access: 'full' })).toEqual(calls);
  expect(allowed({ access: 'full', withhold: ['forget', 'bulkDelete'] })).toEqual([
    ...calls.slice(0, 4),
    'POST deals/bulk_upsert',
  ]);
});

test('refuses writes to records that the caller may not see', () => {
  const grants = granting({
    contacts: { access: 'write', hideCustomFields: ['cf_secret'] },
    notes: { access: 'write' },
    deals: { access: 'write' },
  });
  expect(attempt(grants, 'PUT contacts/1', { contact: { job_title: 'CTO' } })).toBe('allowed');
  for (const [text, body] of [
    ['PUT contacts/1', { contact: { sales_account_id: 1 } }],
    ['PUT contacts/1', { contact: { sales_accounts: [{ id: 1, is_primary: true }] } }],
    ['PUT contacts/1', { contact: { custom_field: { cf_secret: 1 } } }],
    ['POST notes', { note: { targetable_type: 'SalesAccount', targetable_id: 1 } }],
    ['POST notes', { note: { targetable_type: 'Robot', targetable_id: 1 } }],
  ] as const)
    expect(attempt(grants, text, body)).toMatch(/not granted to this caller/);
  const blind = granting({ deals: { access: 'write' } });
  expect(attempt(blind, 'PUT deals/1', { deal: { contacts_added_list: [1] } })).toMatch(/not granted/);
});

test('limits a caller with one owner to that owner’s records: no transfer and no bulk write', () => {
  const grants = granting({ contacts: { access: 'full', owner: '7' }, notes: { access: 'write' } });
  expect(attempt(grants, 'PUT contacts/1', { contact: { job_title: 'CTO' } }, ['contacts/1'])).toBe('allowed');
  expect(attempt(grants, 'POST contacts', { contact: { owner_id: 7 } })).toBe('allowed');
  expect(
    attempt(grants, 'POST notes', { note: { targetable_type: 'Contact', targetable_id: '1' } }, ['contacts/1']),
  ).toBe('allowed');
  for (const [text, body] of [
    ['PUT contacts/1', { contact: {} }],
    ['DELETE contacts/1', undefined],
    ['POST contacts', { contact: { owner_id: 8 } }],
    ['POST contacts/upsert', { contact: {} }],
    ['POST contacts/bulk_destroy', { selected_ids: [1] }],
    ['POST notes', { note: { targetable_type: 'Contact', targetable_id: '1' } }],
  ] as const)
    expect({ text, message: attempt(grants, text, body) }).not.toMatchObject({ message: 'allowed' });
});

const written = allCases.flatMap(({ requests }) => requests).filter((request) => !request.startsWith('GET'));
const writes = new Set(written.map((request) => request.replace(' /', ' ').replace(/\?.*/, '')));

test.each([...writes])('knows what %s does', (text) => {
  const hint = 'Add the end of this path to AFTER_RECORD or AFTER_COLLECTION in src/access/authorizer.ts.';
  expect(intentOf(line(text)), hint).toBeDefined();
});

/** Columns that take ids of one type, by the type. */
const named = new Map(
  namedInputs().flatMap(({ types: [type, ...others], column }) =>
    column === undefined || column === 'id' || !type || others.length > 0 || kindOfType(type) === 'lookups'
      ? []
      : [[column, type] as const],
  ),
);

test.each([...named])('finds the records that %s names, of type %s', (column, type) => {
  const kind = kindOfType(type) as Kind;
  const body = { [column]: [{ id: 1, user_id: 1 }] };
  const hint = `Add ['${column}', '${kind}'] to KIND_OF_COLUMN in src/access/authorizer.ts.`;
  expect(attempt(granting({ [kind]: { access: 'off' } }, 'full'), 'PUT notes/1', body), hint).toMatch(
    /^Naming records in \w+ is not granted/,
  );
});
