import { expect, test } from 'vitest';
import { contactListLookup } from '../../src/lookups/lookup-types.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { ALEX, PRIYA } from '../mutations/office.ts';
import { openOffice } from './office.ts';

const OWNER = `{ access: full, owner: "${ALEX}" }`;
const AGENT = `grants:\n  contacts: ${OWNER}\n  salesAccounts: ${OWNER}\n  deals: ${OWNER}\n  contactLists: full\n  users: read`;

const seeded = (id: string, owner_id: string) => ({ id, owner_id, last_name: `Nr ${id}`, email: `p${id}@x.example` });

const open = () =>
  openOffice(
    { Agent: AGENT, Boss: 'grants: { contacts: full, contactLists: full, salesAccounts: full }' },
    {
      seed: ({ put }) => {
        put(salesAccountType, { id: '501', name: 'Mine', owner_id: ALEX });
        put(salesAccountType, { id: '502', name: 'Theirs', owner_id: PRIYA });
        put(contactListLookup, { id: '61', name: 'Readers' });
        put(contactType, { ...seeded('101', ALEX), list_ids: ['61'] });
        put(contactType, { ...seeded('102', PRIYA), list_ids: ['61'] });
        put(contactType, {
          ...seeded('103', ALEX),
          sales_accounts: [
            { id: '501', name: 'Mine', is_primary: false },
            { id: '502', name: 'Theirs', is_primary: true },
          ],
        });
        put(dealType, { id: '301', name: 'Big one', amount: '1.0', owner_id: ALEX, sales_account_id: '502' });
      },
    },
  );

test('assigns a new record to the granted owner, and returns it', async () => {
  const { ask, sandbox } = await open();
  const query =
    'mutation { createContact(input: { lastName: "New", email: "n@x.example" }) { contact { lastName } userErrors { code } } }';
  const { data, requests } = await ask('Agent', query);
  expect(data).toEqual({ createContact: { contact: { lastName: 'New' }, userErrors: [] } });
  expect(requests).toEqual(['POST /contacts?include=owner']);
  expect(sandbox.rows(contactType).at(-1)?.owner_id).toBe(ALEX);
});

test('refuses mutations of a caller that may write nothing, with the missing grant', async () => {
  const { ask, audited } = await openOffice({ Reader: 'grants: { contacts: read }' });
  const query = 'mutation { createContact(input: { lastName: "New" }) { userErrors { code } } }';
  const reason = 'createContact needs contacts: write, and this caller has contacts: read.';
  const { errors, requests } = await ask('Reader', query);
  expect(errors).toMatchObject([{ message: reason, extensions: { code: 'FORBIDDEN' } }]);
  expect(requests).toEqual([]);
  expect(audited()).toMatchObject([{ decision: 'denied', by: [reason] }]);
});

test('keeps hidden accounts of a contact when the caller replaces its accounts', async () => {
  const { ask, sandbox } = await open();
  const accounts = () => sandbox.get(contactType, '103')?.sales_accounts?.map(({ id, is_primary }) => [id, is_primary]);
  await ask(
    'Agent',
    'mutation { updateContact(id: 103, input: { salesAccounts: [{ id: 501, isPrimary: true }] }) { userErrors { code } } }',
  );
  expect(accounts()).toEqual([
    ['501', true],
    ['502', false],
  ]);
  await ask('Agent', 'mutation { updateContact(id: 103, input: { salesAccounts: [] }) { userErrors { code } } }');
  expect(accounts()).toEqual([['502', true]]);
});

test('refuses in a preview what the write refuses, and reveals no hidden id', async () => {
  const { send, tokens, sandbox } = await open();
  const preview = async (query: string) => {
    const answer = await send(tokens.Agent, { query, extensions: { preview: true } });
    return (await answer.json()) as { errors?: object[]; extensions: { preview?: { writes: object[] } } };
  };
  const update = (input: string) => `mutation { updateDeal(id: 301, input: { ${input} }) { userErrors { code } } }`;
  const linked = await preview(update('salesAccountId: 501'));
  expect(linked.extensions.preview?.writes).toMatchObject([
    { changes: [{ field: 'salesAccountId', to: 501 }], userErrors: [] },
  ]);
  expect(JSON.stringify(linked)).not.toContain('502');
  const foreign = await preview(update('salesAccountId: 502'));
  expect(foreign.extensions.preview?.writes).toMatchObject([
    { userErrors: [{ field: ['input', 'salesAccountId'], code: 'NOT_FOUND' }] },
  ]);
  expect(await preview(update(`ownerId: ${PRIYA}`))).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  const swept =
    'mutation { deleteSalesAccount(id: 501, deleteAssociatedContactsAndDeals: true) { deletedSalesAccountId } }';
  expect(await preview(swept)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  expect(sandbox.requests.filter((line) => !line.startsWith('GET'))).toEqual([]);
});

test('shows the contacts of a list only to callers who may read both, limited to the granted owner', async () => {
  const { ask } = await open();
  const query =
    '{ node(id: "gid://freshsales/ContactList/61") { ... on ContactList { contacts { nodes { databaseId } } } } }';
  const shown = async (name: string) => (await ask(name, query)).data;
  const list = (...ids: string[]) => ({ node: { contacts: { nodes: ids.map((databaseId) => ({ databaseId })) } } });
  expect(await shown('Boss')).toEqual(list('101', '102'));
  expect(await shown('Agent')).toEqual(list('101'));
});

test('shows a caller only the bulk jobs that it started', async () => {
  const { ask } = await openOffice({ One: 'grants: { contacts: full }', Two: 'grants: { contacts: full }' });
  const rows =
    'mutation { bulkUpsertContacts(input: [{ email: "a@x.example", data: { city: "Pune" } }]) { succeeded } }';
  const { requests } = await ask('One', rows);
  const id = /job_statuses\/([\w-]+)/.exec(requests.join())?.[1];
  const query = `{ bulkJob(id: "${id}") { status } }`;
  expect((await ask('One', query)).data).toMatchObject({ bulkJob: { status: expect.any(String) } });
  expect(await ask('Two', query)).toMatchObject({ data: { bulkJob: null }, requests: [] });
});

test('refuses a filter that refers to a hidden record', async () => {
  const { ask } = await openOffice(
    {
      Agent: `grants:\n  contacts: read\n  deals: read\n  salesAccounts: ${OWNER}`,
      Blind: 'grants: { deals: read, contacts: read }',
    },
    {
      seed: ({ put }) => {
        put(salesAccountType, { id: '501', name: 'Mine', owner_id: ALEX });
        put(salesAccountType, { id: '502', name: 'Theirs', owner_id: PRIYA });
      },
    },
  );
  const filter = (attribute: string, value: string) =>
    `{ filterDeals(where: [{ attribute: "${attribute}", operator: IS, value: "${value}" }]) { nodes { id } } }`;
  for (const attribute of ['sales_account_id', 'sales_account.id', 'salesAccountId']) {
    const [foreign, missing] = [
      await ask('Agent', filter(attribute, '502')),
      await ask('Agent', filter(attribute, '599')),
    ];
    expect(foreign.codes).toEqual(['FORBIDDEN']);
    expect(foreign.errors).toEqual(missing.errors);
    expect((await ask('Agent', filter(attribute, '501'))).codes).not.toContain('FORBIDDEN');
    expect(await ask('Blind', filter(attribute, '501'))).toMatchObject({ codes: ['FORBIDDEN'], requests: [] });
  }
});

test('includes reads that find the owners in the plan of a restricted caller', async () => {
  const { ask, send, tokens } = await open();
  for (const mutation of [
    'updateContact(id: 103, input: { salesAccounts: [{ id: 501, isPrimary: true }] }) { contact { lastName } }',
    'addContactsToList(id: 61, contactIds: [101, 103]) { message }',
    'updateDeal(id: 301, input: { salesAccountId: 501, addContactIds: [101] }) { deal { name } }',
  ]) {
    const query = `mutation { ${mutation} }`;
    const answer = await send(tokens.Agent, { query, extensions: { dryRun: true } });
    const { extensions } = (await answer.json()) as { extensions: { plan: { upperBoundIfHonoured: number } } };
    const { requests, errors } = await ask('Agent', query);
    expect(errors).toBeUndefined();
    expect(requests.length).toBeLessThanOrEqual(extensions.plan.upperBoundIfHonoured);
  }
});
