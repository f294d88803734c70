import { expect, test } from 'vitest';
import { onRecordsOnly, openCrowd, VIEWS } from '../records/crowd.ts';

const linesOf = (calls: readonly { method: string; path: string; when: string | null }[]) =>
  calls.map(({ method, path, when }) => `${method} ${path}${when ? `, ${when}` : ''}`);

test('what a view is known not to bring is in the plan, not among its fallbacks', async () => {
  const { ask, plan } = openCrowd(25, {
    behaviours: { honourIncludes: (endpoint, name) => (name === 'deals' ? !endpoint.includes('/view/') : undefined) },
  });
  const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { deals { nodes { name } } } } }`;
  const before = await plan(query);
  expect(linesOf(before.calls)).toEqual(['GET /contacts/view/{id}']);
  expect(before.upperBoundIfHonoured).toBe(1);
  const { requests } = await ask(query);
  const after = await plan(query);
  expect(linesOf(after.calls)).toEqual([
    'GET /contacts/view/{id}',
    'POST /filtered_search/contact, as include=deals has not come with such a list lately',
  ]);
  // The page itself is remembered.
  expect(after.upperBoundIfHonoured).toBe(1);
  expect(requests).toHaveLength(2);
  expect(after.upperBound).toBeGreaterThanOrEqual(2);
});

test('what neither a view nor a search is known to bring is read with each record', async () => {
  const { ask, plan } = openCrowd(4, { behaviours: { honourIncludes: onRecordsOnly('tasks') } });
  const query = `{ contacts(view: ${VIEWS.contacts}, first: 4) { nodes { tasks { nodes { title } } } } }`;
  await ask(query);
  const { calls, upperBoundIfHonoured } = await plan(query);
  expect(linesOf(calls)).toEqual([
    'GET /contacts/view/{id}',
    'GET /contacts/{id}, as include=tasks has not come with such a list lately',
  ]);
  expect(upperBoundIfHonoured).toBeGreaterThanOrEqual(4);
});

test('notes that do not come with accounts are planned at their own address', async () => {
  const { ask, plan } = openCrowd(3);
  const query = `{ salesAccounts(view: ${VIEWS.sales_accounts}, first: 3) { nodes { notes { nodes { description } } } } }`;
  await ask(query);
  const { calls } = await plan(query);
  expect(linesOf(calls)).toEqual([
    'GET /sales_accounts/view/{id}',
    'GET /sales_accounts/{id}/notes, only if include=notes is not honoured',
  ]);
});
