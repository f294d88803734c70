import { expect, test } from 'vitest';
import { contactType } from '../../../src/resources/contact/record.ts';
import { dealType } from '../../../src/resources/deal/record.ts';
import { taskType } from '../../../src/resources/task/record.ts';
import { openOffice } from '../office.ts';

const all =
  'grants: { contacts: full, deals: full, tasks: write, salesAccounts: write, lookups: read, users: read, products: read }';

async function open() {
  const office = await openOffice({ 'Sales Agent': all });
  const [deal] = office.sandbox.rows(dealType);
  const [task] = office.sandbox.rows(taskType);
  const [contact] = office.sandbox.rows(contactType);
  const say = async (query: string) => {
    await office.ask('Sales Agent', query);
    return office.audited().at(-1)?.sentence;
  };
  return { ...office, say, deal, task, contact };
}

test('names both stages of a move in the pipeline if they are known without a call', async () => {
  const { say, deal } = await open();
  await say(`{ deal(id: ${deal?.id}) { name stage { name } } dealStages { name } }`);
  const sentence = await say(
    `mutation { updateDeal(id: ${deal?.id}, input: { stageId: 31000425876 }) { deal { stage { name } } } }`,
  );
  expect(sentence).toContain(`Sales Agent moved deal “${deal?.name}” from `);
  expect(sentence).toMatch(/ from [\w -]+ to Won: allowed by deals: full/);
});

test('leaves out a previous value that is unknown, and makes no call for it', async () => {
  const { say, contact, sandbox } = await open();
  const sentence = await say(
    `mutation { updateContact(id: ${contact?.id}, input: { jobTitle: "CTO" }) { contact { jobTitle } } }`,
  );
  expect(sentence).toContain(
    `Sales Agent changed job title to CTO of contact “${contact?.display_name}”: allowed by contacts: full`,
  );
  expect(sandbox.requests).toEqual([`PUT /contacts/${contact?.id}`]);
});

test.each([
  ['createSalesAccount(input: { name: "Acme" }) { userErrors { code } }', 'created sales account “Acme”'],
  [
    'createSalesAccount(input: { name: "Alder Logistics" }) { userErrors { code } }',
    'tried to create sales account “Alder Logistics”, which Freshsales refused',
  ],
  ['deleteContact(id: 1) { userErrors { code } }', 'tried to delete contact 1, which Freshsales refused'],
  ['bulkDeleteContacts(ids: [31016359002, 31016359003]) { acceptedIds }', 'deleted in bulk 2 contacts'],
])('%s', async (field, words) => {
  const { say } = await open();
  expect(await say(`mutation { ${field} }`)).toContain(`Sales Agent ${words}`);
});

test('describes a completed task as completed', async () => {
  const { say, task } = await open();
  const sentence = await say(`mutation { completeTask(id: ${task?.id}) { task { status } } }`);
  expect(sentence).toContain(`Sales Agent completed task “${task?.title}”`);
});

test('logs an unknown outcome as unknown', async () => {
  const { say, contact, sandbox } = await open();
  sandbox.failNext('POST /contacts', { status: 503 });
  const sentence = await say('mutation { createContact(input: { email: "a@b.example" }) { contact { id } } }');
  expect(sentence).toContain('Sales Agent may have created a contact, as no answer came');
  expect(contact).toBeDefined();
});

test('names the grant of a write that returns nothing', async () => {
  const { say, deal, contact } = await open();
  const id = deal?.id;
  expect(
    await say(`mutation { updateContact(id: ${contact?.id}, input: { city: "Pune" }) { userErrors { code } } }`),
  ).toMatch(/: allowed by contacts: full\. 1 call/);
  expect(await say(`mutation { deleteDeal(id: ${id}) { deletedDealId } }`)).toBe(
    `Sales Agent deleted deal ${id}: allowed by deals: full. 1 call, 998 left.`,
  );
});

test('logs a preview as a preview', async () => {
  const { send, tokens, audited, deal } = await open();
  const query = `mutation { deleteDeal(id: ${deal?.id}) { deletedDealId } }`;
  await send(tokens['Sales Agent'], { query, extensions: { preview: true } });
  expect(audited().at(-1)).toMatchObject({ preview: true, decision: 'allowed', writes: [] });
  expect(audited().at(-1)?.sentence).toContain('Sales Agent previewed deleteDeal: allowed by deals: full');
});
