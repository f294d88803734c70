import { expect, it } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { world } from './world.ts';

it('lets no key and no wrong key in', async () => {
  const { get } = world({ apiKey: 'right' });
  const wrong = await get('/selector/owners');
  expect([wrong.status, wrong.body]).toEqual([401, { login: 'failed', message: null }]);
  expect((await get('/selector/owners', { headers: { authorization: 'Token token= right' } })).status).toBe(200);
  const open = world();
  expect((await open.get('/selector/owners', { headers: { authorization: '' } })).status).toBe(401);
});

it('knows no record by a wrong, deleted or foreign id', async () => {
  const { get, sandbox } = world();
  sandbox.remove(contactType, '31016358306');
  const cases = [
    ['/contacts/31016358306', 'contact'],
    ['/contacts/abc', 'contact'],
    ['/deals/1', 'deal'],
    ['/sales_accounts/1', 'sales account'],
    ['/tasks/1', 'task'],
    ['/appointments/1', 'meeting'],
    ['/notes/31004348670', 'note'],
    ['/cpq/products/1', 'product'],
  ];
  for (const [path = '', noun] of cases) {
    const { status, body } = await get(path);
    expect([status, body]).toEqual([
      404,
      { errors: { code: 404, message: [`The ${noun} you're looking for is not in the CRM.`] } },
    ]);
  }
});

it('keeps what is deleted in the recycle bin', async () => {
  const { get, sandbox } = world();
  const before = Number((await get('/contacts/view/31003548183')).body.meta?.total);
  sandbox.remove(contactType, '31016358306');
  expect((await get('/contacts/view/31003548183')).body.meta?.total).toBe(before + 1);
});

it('forbids lists without a view and unknown views', async () => {
  const { get } = world();
  for (const path of ['/contacts', '/deals', '/sales_accounts', '/contacts/view/999', '/contacts/filters/999']) {
    const { status, body } = await get(path);
    expect([path, status, body.errors?.code]).toEqual([path, 403, 403]);
  }
});

it('shows a page for addresses that are none', async () => {
  const { get } = world();
  for (const path of [
    '/nothing',
    '/leads/1',
    '/cpq/products',
    '/notes',
    '/selector/lead_stages',
    '/deals/31001944158/tasks',
  ]) {
    const { status, headers } = await get(path);
    expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'text/html; charset=utf-8']);
  }
});

it('shows the Suite a page that forbids leads, as a page only', async () => {
  const { get } = world();
  const { status, headers } = await get('../leads');
  expect([status, headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
  expect((await get('/leads')).status).toBe(404);
});

it.each(['contacts/view/31003548176', 'sales_accounts/view/31003548200', 'deals/view/31003548204'])(
  'answers %s without /api, too',
  async (path) => {
    const { get } = world();
    const page = await get(`../${path}?per_page=2&include=owner`);
    expect([page.status, page.body]).toEqual([200, (await get(`/${path}?per_page=2&include=owner`)).body]);
  },
);

it('fails when told to, as often as told', async () => {
  const { get, sandbox } = world();
  sandbox.failNext('/selector', { status: 503, text: 'down', headers: { 'retry-after': '7' } }, 2);
  sandbox.failNext(/^GET \/deals/, { status: 0, drop: true });
  await expect(get('/deals/filters')).rejects.toThrow('fetch failed');
  for (let call = 0; call < 2; call += 1) expect((await get('/selector/owners')).status).toBe(503);
  expect((await get('/selector/owners')).status).toBe(200);
  expect((await get('/deals/filters')).status).toBe(200);
});

it('can be given up', async () => {
  const { get, sandbox } = world({ seed: false });
  await expect(get('/selector/owners', { signal: AbortSignal.abort() })).rejects.toThrow('abort');
  sandbox.failNext('/selector', { status: 200, delay: 10_000 });
  await expect(get('/selector/owners', { signal: AbortSignal.timeout(5) })).rejects.toThrow('timeout');
});

it('logs what was asked', async () => {
  const { get, sandbox } = world({ seed: false });
  await get('/tasks?filter=due%20today&include=owner%2Cusers');
  await get('../contacts/1/notes');
  expect(sandbox.requests).toEqual(['GET /tasks?filter=due today&include=owner,users', 'GET ../contacts/1/notes']);
});
