import { expect, it } from 'vitest';
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

it('writes UTC and links without a prefix, and knows no lifecycle', async () => {
  const { get } = classic();
  const { body } = await get('/contacts/31016358306?include=lifecycle_stage,contact_status');
  expect(body.contact?.created_at).toMatch(/Z$/);
  expect(body.contact?.links?.notes).toBe('/contacts/31016358306/notes?include=creater');
  expect(body.contact).toHaveProperty('contact_status_id');
  expect(body.contact).not.toHaveProperty('lifecycle_stage_id');
  expect(body).not.toHaveProperty('meta');
  expect((await get('../contacts/31016358306/notes')).status).toBe(200);
});
