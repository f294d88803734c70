import { expect, test } from 'vitest';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld } from '../world.ts';

test.each([
  ['tasks', 'open'],
  ['tasks(filter: DUE_TODAY)', 'due today'],
  ['tasks(filter: DUE_TOMORROW)', 'due tomorrow'],
  ['tasks(filter: OVERDUE)', 'overdue'],
  ['tasks(filter: COMPLETED)', 'completed'],
])('%s', async (field, filter) => {
  const { ask } = openWorld();
  const { data, errors, requests } = await ask(
    `{ ${field} { totalCount nodes { title status dueAt owner { displayName } creator { displayName } target { __typename } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ tasks: { totalCount: expect.any(Number) } });
  expect(requests).toEqual([`GET /tasks?page=1&per_page=25&filter=${filter}&include=owner,creater,targetable`]);
});

test.each([
  ['appointments', 'upcoming'],
  ['appointments(filter: PAST)', 'past'],
])('%s', async (field, filter) => {
  const { ask } = openWorld();
  const { errors, requests } = await ask(
    `{ ${field} { nodes { title isAllDay attendees { __typename ... on User { displayName } ... on Contact { email } } target { __typename } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(requests).toEqual([
    `GET /appointments?page=1&per_page=25&filter=${filter}&include=appointment_attendees,targetable`,
  ]);
});

test.each(['tasks', 'appointments'])('%s of any kind are one list without a filter', async (field) => {
  const { sandbox, ask, plan } = openWorld();
  const query = `{ ${field}(filter: ALL, first: 5) { totalCount nodes { id title } } }`;
  expect((await plan(query)).upperBoundIfHonoured).toBe(1);
  const { data, errors, requests } = await ask(query);
  expect(errors).toBeUndefined();
  expect(requests).toEqual([expect.stringMatching(new RegExp(`^GET /${field}\\?page=1&per_page=\\d+$`))]);
  expect(data).toMatchObject({
    [field]: { totalCount: (field === 'tasks' ? sandbox.rows(taskType) : sandbox.rows(appointmentType)).length },
  });
  const strict = await openWorld({ behaviours: { strictFilters: true } }).ask(query);
  expect(strict.errors).toMatchObject([
    {
      message: expect.stringMatching(/This account may require a filter: choose another one than ALL\.$/),
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
});

test('the order of keys in responses changes nothing', async () => {
  const query = `{
    contacts(first: 5) { nodes { id mcrId owner { displayName } salesAccounts { edges { isPrimary node { name } } } } }
    deals(first: 5) { nodes { id amount contacts { nodes { email } } stage { name pipeline { name } } } }
    appointments { nodes { title attendees { __typename } target { __typename } } }
    dealPipelines { name stages { name } }
  }`;
  const recorded = await openWorld().ask(query);
  const reversed = await openWorld({ behaviours: { keyOrder: 'reversed' } }).ask(query);
  expect(reversed).toMatchObject({ data: recorded.data, errors: undefined, requests: recorded.requests });
});

test('salesActivities', async () => {
  const { ask } = openWorld();
  const { errors, requests } = await ask(
    `{ salesActivities(first: 10) { totalCount nodes { title owner { email } type { name } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(requests).toEqual([
    'GET /sales_activities?page=1&per_page=10&include=owner',
    'GET /selector/sales_activity_types',
  ]);
});

const lookups = {
  owners: 'owners',
  territories: 'territories',
  currencies: 'currencies',
  dealPipelines: 'deal_pipelines',
  dealStages: 'deal_stages',
  dealTypes: 'deal_types',
  dealReasons: 'deal_reasons',
  dealProducts: 'deal_products',
  dealPaymentStatuses: 'deal_payment_statuses',
  leadSources: 'lead_sources',
  campaigns: 'campaigns',
  industryTypes: 'industry_types',
  businessTypes: 'business_types',
  lifecycleStages: 'lifecycle_stages',
  contactStatuses: 'contact_statuses',
  salesActivityTypes: 'sales_activity_types',
  salesActivityOutcomes: 'sales_activity_outcomes',
  taskTypes: 'sales_activity_entity_types',
};

test.each(Object.entries(lookups))(
  '%s is read once for all operations, ten callers at once included',
  async (field, path) => {
    const { ask, sandbox } = openWorld();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(`{ ${field} { id databaseId } }`)));
    await ask(`{ ${field} { id } }`);
    expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
    expect(sandbox.requests).toEqual([`GET /selector/${path}`]);
  },
);

test('the fields of a record type, choices included', async () => {
  const { ask } = openWorld();
  const { data, errors, requests } = await ask(
    `{ fields(type: DEAL) { name label type isRequired isDefault choices { databaseId value position } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({
    fields: expect.arrayContaining([expect.objectContaining({ name: 'amount', isRequired: true })]),
  });
  expect(requests).toEqual(['GET /settings/deals/fields']);
});

test('rateLimit is free, and counts what was spent', async () => {
  const { ask } = openWorld({ behaviours: { hourlyLimit: 2000 } });
  await ask('{ owners { id } dealTypes { id } }');
  const { data, requests } = await ask(
    '{ rateLimit { limit used remaining resetAt windows { name limit remaining } } }',
  );
  expect(data).toMatchObject({
    rateLimit: {
      limit: 2000,
      used: 2,
      remaining: 1998,
      windows: [
        { name: 'hour', limit: 2000 },
        { name: 'minute', limit: 400, remaining: 398 },
      ],
    },
  });
  expect(requests).toEqual([]);
});

test('the timeline of a contact', async () => {
  const { ask } = openWorld();
  const { data, requests } = await ask(
    `{ contacts(first: 1) { nodes { databaseId activities(first: 3) { type createdAt targetName data actor { displayName } } } } }`,
  );
  const [contact] = (data as { contacts: { nodes: { databaseId: string; activities: unknown[] }[] } }).contacts.nodes;
  expect(contact?.activities.length).toBeLessThanOrEqual(3);
  expect(requests).toContain(`GET /contacts/${contact?.databaseId}/activities?include=user`);
});

test('leads are not available in the Suite, and spend nothing', async () => {
  const { ask } = openWorld();
  for (const query of [
    '{ lead(id: 1) { id } }',
    '{ leads { totalCount } }',
    '{ fields(type: LEAD) { name } }',
    '{ leadStages { name } }',
  ]) {
    const { errors, requests } = await ask(query);
    expect(errors?.[0]?.extensions).toEqual({ code: 'NOT_AVAILABLE' });
    expect(requests).toEqual([]);
  }
});
