import { expect, it } from 'vitest';
import { columnOf, isEmbedded, type Resource } from '../../src/freshsales/resource.ts';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { recordTypes, sandboxes } from '../../src/resources/index.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { type Json, world } from './world.ts';

const single = recordTypes.filter(({ name }) => name !== 'Note' && name !== 'Lead');

/** Whether `sandbox.ts` of the record type says that the column comes without the include. */
function isAlwaysSent({ name }: Resource, include: string, column: string): boolean {
  const { columns, read } = sandboxes.find(({ recordType }) => recordType.name === name) ?? {};
  return columns?.always?.includes(column) === true || read?.always?.includes(include) === true;
}

const cases = single.flatMap((recordType) =>
  Object.entries(recordType.includes).map(([name, include]) => ({ recordType, name, include })),
);

it.each(cases.map((one) => ({ ...one, title: `${one.recordType.name} ${one.name}` })))(
  '$title comes only when asked for',
  async ({ recordType, name, include }) => {
    const { get, sandbox } = world({ behaviours: { accountNotesInclude: true } });
    const [{ id } = sandbox.put(recordType, {})] = sandbox.rows(recordType);
    const path = `/${recordType.path}/${id}`;
    const bare = (await get(path)).body;
    const full = (await get(`${path}?include=${name}`)).body;
    const column = columnOf(include);
    expect(full[recordType.one]).toHaveProperty(column);
    if (!isEmbedded(include)) expect(Array.isArray(full[include.key])).toBe(true);
    if (!isAlwaysSent(recordType, name, column)) expect(bare[recordType.one]).not.toHaveProperty(column);
  },
);

const one = async (recordType: Resource, id: string, include: string, options = {}): Promise<Json> =>
  (await world(options).get(`/${recordType.path}/${id}?include=${include}`)).body;

it('keeps ids and rows together', async () => {
  const { get } = world();
  const { body } = await get(
    '/contacts/view/31003548176?per_page=100&include=deals,tasks,appointments,notes,lists,owner',
  );
  for (const [key, column] of [
    ['deals', 'deal_ids'],
    ['tasks', 'task_ids'],
    ['notes', 'note_ids'],
    ['lists', 'list_ids'],
  ] as const) {
    const known = new Set((body[key] ?? []).map((row: Json) => row.id));
    const wanted = (body.contacts ?? []).flatMap((row: Json) => row[column] ?? []);
    expect([key, wanted.length > 0, wanted.filter((id: Json) => !known.has(id))]).toEqual([key, true, []]);
  }
});

it('ignores unknown names and keeps the last of several', async () => {
  const { get } = world();
  const path = '/contacts/31016358306';
  expect((await get(`${path}?include=nonsense,constructor`)).body).toEqual((await get(path)).body);
  const { body } = await get(`${path}?include=owner&include=source`);
  expect(body.contact).toHaveProperty('lead_source_id');
  expect(body.contact).not.toHaveProperty('owner_id');
  expect(body).toHaveProperty('lead_source');
});

it('side-loads what belongs to side-loaded deals and appointments', async () => {
  const transitive = await one(salesAccountType, '31003638274', 'deals');
  expect(Object.keys(transitive)).toEqual(
    expect.arrayContaining(['users', 'contacts', 'sales_accounts', 'deal_stages', 'currencies', 'rate_changes']),
  );
  const plain = await one(salesAccountType, '31003638274', 'deals', { behaviours: { transitive: false } });
  expect(Object.keys(plain).sort()).toEqual(['deals', 'meta', 'sales_account']);
  const meetings = await one(contactType, '31016358306', 'appointments');
  expect(Object.keys(meetings)).toEqual(expect.arrayContaining(['outcomes', 'appointment_attendees', 'conferences']));
});

it('gives an empty array and an empty id where there is nothing', async () => {
  expect(await one(dealType, '31001949002', 'contacts,owner')).toMatchObject({
    contacts: [],
    users: [],
    deal: { contact_ids: [], owner_id: null },
  });
});

it('leads to no deleted record', async () => {
  const { sandbox, get } = world({ seed: false });
  const { id } = sandbox.put(salesAccountType, { name: 'Gone' });
  const person = sandbox.put(contactType, {
    first_name: 'A',
    sales_accounts: [{ id, name: '', is_primary: true }],
  });
  sandbox.remove(salesAccountType, id);
  const { body } = await get(`/contacts/${person.id}?include=sales_account,sales_accounts`);
  expect(body.contact).toMatchObject({ sales_account_id: null, sales_accounts: [] });
});

it('says in a single appointment who attends, unasked', async () => {
  const { sandbox, get } = world();
  const [row] = sandbox.rows(appointmentType);
  const { body } = await get(`/appointments/${row?.id}`);
  expect(body.appointment_attendees).toHaveLength(2);
  expect(body).toMatchObject({ conferences: [], notes: [], appointment: { note_id: null } });
});
