import { expect, it } from 'vitest';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { world } from './world.ts';

const classic = () => world({ product: 'classic' });

it('has its own base, leads and their lookups', async () => {
  const { sandbox, get } = classic();
  expect(sandbox.baseURL).toBe('http://sandbox.invalid/api');
  const view = await get('/leads/view/31003548206?include=owner,lead_stage,source&per_page=5');
  expect(view.body.leads).toHaveLength(5);
  expect(Object.keys(view.body)).toEqual(['users', 'lead_stages', 'lead_source', 'leads', 'meta']);
  expect((await get('/selector/lead_stages')).body.lead_stages).not.toHaveLength(0);
  expect((await get('/selector/lifecycle_stages')).status).toBe(404);
  expect((await get('/search?q=lead&include=lead')).body[0]?.type).toBe('lead');
  expect((await get('/lookup?q=lead1@sandbox.example&f=email&entities=lead')).body.leads?.leads).toHaveLength(1);
});

it.each(['contacts', 'sales_accounts', 'deals', 'leads'])('answers reads of %s without /api, too', async (path) => {
  const { get } = classic();
  const filters = await get(`../${path}/filters`);
  expect(filters.body).toEqual((await get(`/${path}/filters`)).body);
  const view = filters.body.filters?.find(({ name }) => String(name).startsWith('All'))?.id;
  const page = await get(`../${path}/view/${view}?per_page=2`);
  expect(page.body).toEqual((await get(`/${path}/view/${view}?per_page=2`)).body);
  const id = page.body[path]?.[0]?.id;
  expect((await get(`../${path}/${id}?include=owner`)).body).toEqual((await get(`/${path}/${id}?include=owner`)).body);
  const timeline = await get(`../${path}/${id}/activities`);
  expect([timeline.status, timeline.body]).toEqual([200, (await get(`/${path}/${id}/activities`)).body]);
  expect((await get(`../${path}/${id}`, { method: 'PUT', body: '{}' })).status).toBe(404);
});

it('sends further columns than the early recordings', async () => {
  const { get, sandbox } = classic();
  const columns = async (path: string) =>
    Object.keys(Object.values((await get(path)).body).find((row) => row.id) ?? {});
  const expected: readonly (readonly [string, readonly string[]])[] = [
    [
      '/contacts/31016358306',
      ['phone_numbers', 'has_connections', 'has_duplicates', 'connections_searched_today', 'duplicates_searched_today'],
    ],
    [
      `/sales_accounts/${sandbox.rows(salesAccountType)[0]?.id}`,
      ['has_connections', 'is_deleted', 'open_deals_count', 'won_deals_count', 'team_user_ids'],
    ],
    [`/deals/${sandbox.rows(dealType)[0]?.id}`, ['avatar']],
  ];
  for (const [path, names] of expected) expect(await columns(path)).toEqual(expect.arrayContaining([...names]));
  sandbox.behaviours.classicColumns = 'early';
  for (const [path, names] of expected)
    expect((await columns(path)).filter((name) => names.includes(name))).toEqual([]);
});

it('writes UTC and links without a prefix, and knows no lifecycle', async () => {
  const { get } = classic();
  const { body } = await get('/contacts/31016358306?include=lifecycle_stage,contact_status');
  expect(body.contact?.created_at).toMatch(/Z$/);
  expect(body.contact?.links?.notes).toBe('/contacts/31016358306/notes?include=creater');
  expect(body.contact).toHaveProperty('contact_status_id');
  expect(body.contact).not.toHaveProperty('lifecycle_stage_id');
  const { fields } = (await get('/settings/contacts/fields')).body;
  expect(fields?.map(({ name }) => name)).toContain('job_title');
  expect(fields?.map(({ name }) => name)).not.toContain('lifecycle_stage_id');
  expect(body).not.toHaveProperty('meta');
  expect((await get('../contacts/31016358306/notes')).status).toBe(200);
});
