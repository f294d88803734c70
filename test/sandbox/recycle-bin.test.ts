import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { productType } from '../../src/resources/product/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { NOON, world } from './world.ts';

const CONTACT = '31016358306';
const ACCOUNT = '31003638274';
const BIN = '/contacts/view/31003548183';
const days = (count: number): Date => new Date(NOON.getTime() + count * 86_400_000);

it.each(['contacts/31016358306', 'sales_accounts/31003638274', 'deals/31001944158'])(
  'keeps %s in the bin',
  async (path) => {
    const { get, put, post, del } = world();
    const deleted = await del(`/${path}`);
    expect([deleted.status, deleted.text]).toEqual([200, 'true']);
    const after = [
      await get(`/${path}`),
      await put(`/${path}`, {}),
      await del(`/${path}`),
      await del(`/${path}/forget`),
      await post(`/${path}/clone`, {}),
    ];
    expect(after.map(({ status, body }) => [status, body.errors?.code])).toEqual(after.map(() => [404, 404]));
    const restored = await put(`/${path}/restore?include=owner`, {});
    expect([restored.status, Object.keys(restored.body)[0]]).toEqual([200, 'users']);
    expect((await get(`/${path}`)).status).toBe(200);
    expect((await put(`/${path}/restore`, {})).status).toBe(404);
  },
);

it('brings a contact back with its activities, for ninety days', async () => {
  const { get, put, del, at, sandbox } = world();
  const note = sandbox.put(noteType, { description: 'Kept', targetables: [{ type: 'Contact', id: CONTACT }] });
  const total = async (): Promise<unknown> => (await get(BIN)).body.meta?.total;
  const before = Number(await total());
  await del(`/contacts/${CONTACT}`);
  at(days(89));
  expect(await total()).toBe(before + 1);
  await put(`/contacts/${CONTACT}/restore`, {});
  expect((await get(`/contacts/${CONTACT}?include=notes`)).body.contact?.note_ids).toContain(Number(note.id));
  await del(`/contacts/${CONTACT}`);
  at(days(180));
  expect(await total()).toBe(before);
  expect((await put(`/contacts/${CONTACT}/restore`, {})).status).toBe(404);
});

it('cuts an account off its deals and daughters for good', async () => {
  const { del, put, sandbox } = world();
  const deals = sandbox.rows(dealType).filter(({ sales_account_id }) => sales_account_id === ACCOUNT);
  const people = sandbox.rows(contactType).filter(({ sales_accounts }) => sales_accounts[0]?.id === ACCOUNT);
  sandbox.put(salesAccountType, { id: '5', name: 'Daughter', parent_sales_account_id: ACCOUNT });
  expect([deals.length > 0, people.length > 0]).toEqual([true, true]);
  await del(`/sales_accounts/${ACCOUNT}`);
  await put(`/sales_accounts/${ACCOUNT}/restore`, {});
  for (const { id } of deals) expect(sandbox.get(dealType, id)?.sales_account_id).toBe(null);
  expect(sandbox.get(salesAccountType, '5')?.parent_sales_account_id).toBe(null);
  expect(sandbox.get(contactType, people[0]?.id ?? '')).toMatchObject({
    is_deleted: false,
    sales_accounts: [{ id: ACCOUNT }],
  });
});

it.each([
  ['?delete_associated_contacts_deals=true', undefined],
  ['', { delete_associated_contacts_deals: true }],
])('takes its contacts and deals along when told to: %s %j', async (query, body) => {
  const { del, sandbox } = world();
  const belongs = () => [
    ...sandbox.rows(dealType).filter((row) => row.sales_account_id === ACCOUNT),
    ...sandbox.rows(contactType).filter((row) => row.sales_accounts.some(({ id }) => id === ACCOUNT)),
  ];
  const ids = belongs().map(({ id }) => id);
  await del(`/sales_accounts/${ACCOUNT}${query}`, body);
  const rows = [...sandbox.rows(dealType), ...sandbox.rows(contactType)].filter(({ id }) => ids.includes(id));
  expect(rows.every(({ is_deleted }) => is_deleted)).toBe(true);
});

it('forgets a contact with all that is about it alone', async () => {
  const { del, put, sandbox } = world();
  const mine = sandbox.put(noteType, { description: 'Mine', targetables: [{ type: 'Contact', id: CONTACT }] });
  const ours = sandbox.put(noteType, {
    description: 'Ours',
    targetables: [
      { type: 'Contact', id: CONTACT },
      { type: 'Deal', id: '31001944158' },
    ],
  });
  const answer = await del(`/contacts/${CONTACT}/forget`);
  expect([answer.status, answer.text]).toEqual([200, 'true']);
  expect(sandbox.get(contactType, CONTACT)).toBe(undefined);
  expect(sandbox.get(noteType, mine.id)).toBe(undefined);
  expect(sandbox.get(noteType, ours.id)?.targetables).toEqual([{ type: 'Deal', id: '31001944158' }]);
  expect(sandbox.rows(dealType).filter(({ contact_ids }) => contact_ids?.includes(CONTACT))).toEqual([]);
  expect((await put(`/contacts/${CONTACT}/restore`, {})).status).toBe(404);
});

it('forgets an account that people worked for', async () => {
  const { del, sandbox } = world();
  await del(`/sales_accounts/${ACCOUNT}/forget`);
  expect(sandbox.rows(contactType).filter((row) => row.sales_accounts.some(({ id }) => id === ACCOUNT))).toEqual([]);
});

it('restores a product, and says so in one of two ways', async () => {
  const { get, put, del, sandbox } = world();
  const path = '/cpq/products/31000985825';
  expect((await del(path)).body).toEqual({ success: '200' });
  expect([(await get(path)).status, sandbox.get(productType, '31000985825')?.is_deleted]).toEqual([404, true]);
  expect((await put(`${path}/restore`, {})).body).toEqual({ success: '200' });
  sandbox.behaviours.restoredProduct = 'record';
  await del(path);
  expect((await put(`${path}/restore?include=product_pricings`, {})).body.product?.product_pricings).toHaveLength(2);
});
