import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { leadType } from '../../src/resources/lead/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { world } from './world.ts';

const ID = '5005390501';

it('makes, changes and deletes leads', async () => {
  const { post, put, del, sandbox } = world({ product: 'classic' });
  const { status, body } = await post('/leads?include=lead_stage', {
    lead: { first_name: 'Eric', last_name: 'Sampleton', mobile_number: '+4930', company: { name: 'Widgetz' } },
  });
  const id = String(body.lead?.id);
  expect([status, Object.keys(body)]).toEqual([200, ['lead_stages', 'lead']]);
  expect(sandbox.get(leadType, id)).toMatchObject({
    display_name: 'Eric Sampleton',
    company: { name: 'Widgetz' },
    lead_stage_id: '31000071001',
  });
  await put(`/leads/${id}`, { lead: { company: { city: 'Bonn' }, email: 'eric@moss.example' } });
  expect(sandbox.get(leadType, id)).toMatchObject({
    company: { name: 'Widgetz', city: 'Bonn' },
    email: 'eric@moss.example',
  });
  expect((await post('/leads', { lead: { email: 'ERIC@moss.example' } })).body.errors?.message).toEqual([
    'ERIC@moss.example already exists.',
  ]);
  expect((await post('/leads', { lead: { first_name: 'x' } })).body.errors?.message).toEqual([
    "Last name can't be empty",
  ]);
  expect((await post(`/leads/${id}/clone`, { lead: { email: 'twin@moss.example' } })).body.lead?.display_name).toBe(
    'Eric Sampleton',
  );
  expect(
    (await post('/leads/upsert', { unique_identifier: { emails: 'eric@moss.example' }, lead: { city: 'Ulm' } })).status,
  ).toBe(200);
  expect([(await del(`/leads/${id}`)).text, (await put(`/leads/${id}`, {})).status]).toEqual(['true', 404]);
});

it('answers writes of Classic without meta', async () => {
  const { put } = world({ product: 'classic' });
  expect(Object.keys((await put('/contacts/31016358306', { contact: { city: 'Bonn' } })).body)).toEqual(['contact']);
});

it('makes a contact, an account and a deal of a lead', async () => {
  const { get, post, sandbox } = world({ product: 'classic' });
  const note = sandbox.put(noteType, { description: 'x', targetables: [{ type: 'Lead', id: ID }] });
  const lead = sandbox.get(leadType, ID);
  const { status, body } = await post(`/leads/${ID}/convert?include=sales_accounts,deals`, {
    lead: {
      last_name: 'Converted',
      email: 'converted@moss.example',
      company: { name: 'Converted Ltd' },
      deal: { name: 'First deal', amount: 10 },
    },
  });
  const id = String(body.contact?.id);
  expect([status, body.contact?.sales_accounts, body.deals]).toMatchObject([
    200,
    [{ name: 'Converted Ltd', is_primary: true }],
    [{ name: 'First deal' }],
  ]);
  expect(sandbox.get(contactType, id)).toMatchObject({
    first_name: lead?.first_name,
    last_name: 'Converted',
    owner_id: lead?.owner_id,
  });
  const account = sandbox.rows(salesAccountType).find(({ name }) => name === 'Converted Ltd');
  expect(sandbox.rows(dealType).find(({ name }) => name === 'First deal')).toMatchObject({
    sales_account_id: account?.id,
    contact_ids: [id],
  });
  expect(sandbox.get(noteType, note.id)?.targetables).toEqual([{ type: 'Contact', id }]);
  expect((await get(`/leads/${ID}`)).status).toBe(404);
});

it('converts all of a lead or nothing', async () => {
  const { get, post, sandbox } = world({ product: 'classic' });
  const count = () => [
    sandbox.rows(contactType).length,
    sandbox.rows(salesAccountType).length,
    sandbox.rows(dealType).length,
  ];
  const before = count();
  const { status, body } = await post(`/leads/${ID}/convert`, {
    lead: { company: { name: 'Half Ltd' }, deal: { name: 'Half', amount: 'much' } },
  });
  expect([status, body.errors?.message, count()]).toEqual([400, ['Deal value is not a number'], before]);
  expect((await get(`/leads/${ID}`)).status).toBe(200);
});
