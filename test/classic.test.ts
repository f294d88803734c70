import type { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { leadType } from '../src/resources/lead/record.ts';
import { openWorld } from './world.ts';

test('leads of Classic, with their relations, in one call', async () => {
  const { sandbox, ask } = openWorld({ product: 'classic', seed: false });
  sandbox.put(leadType, {
    first_name: 'Ada',
    last_name: 'Lovelace',
    display_name: 'Ada Lovelace',
    company: { name: 'Engines' },
  });
  const { data, errors, requests } = await ask(
    `{ leads { totalCount nodes { displayName companyName createdAt owner { displayName } stage { name } leadSource { name } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    leads: { totalCount: 1, nodes: [{ displayName: 'Ada Lovelace', companyName: 'Engines' }] },
  });
  expect(requests).toEqual([
    'GET /leads/filters',
    expect.stringMatching(/^GET \/leads\/view\/\d+\?page=1&per_page=25&include=owner,lead_stage,source$/),
  ]);
});

test('a lead by its id, by its global id, and one that is not there', async () => {
  const { sandbox, ask } = openWorld({ product: 'classic', seed: false });
  const { id } = sandbox.put(leadType, { display_name: 'Ada Lovelace' });
  const { data, errors } = await ask(
    `{ lead(id: ${id}) { displayName } node(id: "gid://freshsales/Lead/${id}") { id } none: lead(id: 404) { id } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    lead: { displayName: 'Ada Lovelace' },
    node: { id: `gid://freshsales/Lead/${id}` },
    none: null,
  });
});

type Answer = Record<string, unknown>;

const UNAVAILABLE = 'NOT_AVAILABLE';

const codesOf = (errors: readonly GraphQLError[] | undefined) => errors?.map(({ extensions }) => extensions.code);

test('lifecycle stages of 25 contacts of Classic are null, with one error and no further call', async () => {
  const without = openWorld({ product: 'classic' });
  const { requests: expected } = await without.ask('{ contacts { nodes { displayName owner { displayName } } } }');
  const { ask } = openWorld({ product: 'classic' });
  const { data, errors, requests } = await ask(
    '{ contacts { nodes { displayName lifecycleStage { name } owner { displayName } } } }',
  );
  expect(requests).toEqual(expected);
  expect(errors).toEqual([
    expect.objectContaining({
      message: 'Contact.lifecycleStage does not exist in Freshsales Classic. Omit it.',
      path: ['contacts', 'nodes', 0, 'lifecycleStage'],
      extensions: { code: UNAVAILABLE },
    }),
  ]);
  const { nodes } = (data as Answer).contacts as { nodes: { displayName: string; lifecycleStage: unknown }[] };
  expect(nodes).toHaveLength(25);
  for (const node of nodes) expect(node).toMatchObject({ displayName: expect.any(String), lifecycleStage: null });
});

test.each([
  [
    'classic',
    'mcrId systemTags subscriptionStatus firstCampaign smsSubscriptionStatus',
    'externalId doNotDisturb workEmail',
  ],
  ['suite', 'doNotDisturb hasAuthority department leadQuality emailStatus lastContactedViaChatAt', 'mcrId tags'],
] as const)(
  'each column that %s does not have is null with an error, and the others arrive',
  async (product, lacking, had) => {
    const { ask, plan } = openWorld({ product });
    const query = `{ contacts(first: 3) { nodes { id ${lacking} ${had} } } }`;
    expect((await plan(query)).upperBoundIfHonoured).toBe(2);
    const { data, errors, requests } = await ask(query);
    expect(requests).toHaveLength(2);
    expect(errors?.map(({ path }) => path?.at(-1))).toEqual(lacking.split(' '));
    expect(new Set(codesOf(errors))).toEqual(new Set([UNAVAILABLE]));
    expect(data).toMatchObject({ contacts: { nodes: [{}, {}, {}] } });
  },
);

test.each([
  ['classic', '{ lifecycleStages { name } }'],
  ['classic', '{ node(id: "gid://freshsales/LifecycleStage/1") { id } }'],
  [
    'classic',
    '{ filterContacts(where: [{ attribute: "lifecycle_stage_id", operator: IS, value: 1 }]) { totalCount } }',
  ],
  ['classic', '{ filterContacts(where: [{ attribute: "lifecycleStageId", operator: IS, value: 1 }]) { totalCount } }'],
  ['suite', '{ lead(id: 1) { id } }'],
  ['suite', '{ leads { totalCount } }'],
  ['suite', '{ leadViews { id } }'],
  ['suite', '{ leadStages { id } }'],
  ['suite', '{ leadReasons { id } }'],
  ['suite', '{ filterLeads(where: [{ attribute: "email", operator: IS, value: "a@b.example" }]) { totalCount } }'],
  ['suite', '{ node(id: "gid://freshsales/Lead/1") { id } }'],
  ['suite', '{ node(id: "gid://freshsales/LeadView/1") { id } }'],
  ['suite', '{ fields(type: LEAD) { name } }'],
  ['suite', '{ search(query: "a", types: [LEAD]) { name } }'],
  ['suite', '{ lookup(field: EMAIL, value: "a@b.example", types: [CONTACT, LEAD]) { __typename } }'],
  ['suite', 'mutation { createLead(input: { lastName: "x" }) { lead { id } } }'],
  ['suite', 'mutation { deleteLead(id: 1) { deletedLeadId } }'],
  ['suite', 'mutation { convertLead(id: 1) { contact { id } } }'],
  ['suite', 'mutation { bulkDeleteLeads(ids: [1]) { userErrors { code } } }'],
] as const)('%s refuses %s before any call', async (product, operation) => {
  const { ask } = openWorld({ product });
  const { errors, requests } = await ask(operation);
  expect(codesOf(errors)).toEqual([UNAVAILABLE]);
  expect(requests).toEqual([]);
});

test.each([
  ['classic', 'createContact(input: { email: "a@b.example", lifecycleStageId: 1 })', ['input', 'lifecycleStageId']],
  ['classic', 'updateContact(id: 1, input: { lifecycleStageId: null })', ['input', 'lifecycleStageId']],
  [
    'classic',
    'upsertContact(by: { id: 1 }, input: { subscriptionStatus: SUBSCRIBED })',
    ['input', 'subscriptionStatus'],
  ],
  ['classic', 'cloneContact(id: 1, input: { lifecycleStageId: 1 })', ['input', 'lifecycleStageId']],
  [
    'classic',
    'bulkUpsertContacts(input: [{ id: 1, data: { lifecycleStageId: null } }])',
    ['input', '0', 'data', 'lifecycleStageId'],
  ],
  ['suite', 'createNote(input: { description: "x", targetId: 1, targetType: LEAD })', ['input', 'targetId']],
  [
    'suite',
    'createTask(input: { title: "x", dueAt: "2026-12-01T09:00:00Z", targetId: "gid://freshsales/Lead/1" })',
    ['input', 'targetId'],
  ],
  [
    'suite',
    'updateAppointment(id: 1, input: { attendeeIds: ["gid://freshsales/Lead/1"] })',
    ['input', 'attendeeIds', '0'],
  ],
] as const)('%s refuses %s at its path, before any call', async (product, mutation, field) => {
  const { ask } = openWorld({ product });
  const { data, errors, requests } = await ask(`mutation { done: ${mutation} { userErrors { field code } } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({ done: { userErrors: [{ field, code: UNAVAILABLE }] } });
  expect(requests).toEqual([]);
});

test('filtered leads of Classic are paged, with one search for a page', async () => {
  const { sandbox, ask } = openWorld({ product: 'classic', seed: false });
  for (const id of ['1', '2', '3']) sandbox.put(leadType, { id, last_name: `Lead ${id}`, city: 'Rome' });
  sandbox.put(leadType, { id: '4', last_name: 'Lead 4', city: 'Oslo' });
  const query = `query ($after: String) {
    filterLeads(where: [{ attribute: "city", operator: IS_NOT, value: "Oslo" }], first: 2, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { databaseId lastName }
    }
  }`;
  const first = await ask(query);
  expect(first.errors).toBeUndefined();
  expect(first.data).toMatchObject({
    filterLeads: {
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [
        { databaseId: '1', lastName: 'Lead 1' },
        { databaseId: '2', lastName: 'Lead 2' },
      ],
    },
  });
  expect(first.requests).toEqual([expect.stringMatching(/^POST \/filtered_search\/lead\?page=1&per_page=\d+$/)]);
  const { endCursor } = ((first.data as Answer).filterLeads as { pageInfo: { endCursor: string } }).pageInfo;
  const second = await ask(query, { after: endCursor });
  expect(second.data).toMatchObject({
    filterLeads: { pageInfo: { hasNextPage: false }, nodes: [{ databaseId: '3' }] },
  });
  expect(second.requests).toHaveLength(1);
});

test.each([
  ['owner', '{ displayName }', 'owner'],
  ['creator', '{ displayName }', 'creater'],
  ['updater', '{ displayName }', 'updater'],
  ['stage', '{ name }', 'lead_stage'],
  ['reason', '{ name }', 'lead_reason'],
  ['leadSource', '{ name }', 'source'],
  ['campaign', '{ name }', 'campaign'],
  ['territory', '{ name }', 'territory'],
  ['tasks', '{ nodes { title } }', 'tasks'],
  ['appointments', '{ nodes { title } }', 'appointments'],
  ['notes', '{ nodes { description } }', 'notes'],
])('%s %s of a lead comes with it, by include=%s', async (field, selection, include) => {
  const { sandbox, ask } = openWorld({ product: 'classic' });
  const id = sandbox.rows(leadType)[0]?.id ?? '';
  const { errors, requests } = await ask(`{ lead(id: ${id}) { id ${field} ${selection} } }`);
  expect(errors).toBeUndefined();
  expect(requests).toEqual([`GET /leads/${id}?include=${include}`]);
});
