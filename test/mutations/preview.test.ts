import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { openWorld } from '../world.ts';

/** Sends an operation as a preview. */
async function openPreview() {
  const world = openWorld();
  const preview = async (query: string, by: 'extension' | 'header' = 'extension') => {
    const before = world.sandbox.requests.length;
    const response = await world.fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(by === 'header' && { 'x-freshsales-preview': '1' }) },
      body: JSON.stringify({ query, ...(by === 'extension' && { extensions: { preview: true } }) }),
    });
    const { data, errors, extensions } = await response.json();
    return { data, errors, preview: extensions?.preview, requests: world.sandbox.requests.slice(before) };
  };
  return { ...world, preview };
}

describe('a preview', () => {
  test.each(['extension', 'header'] as const)('shows what would change, and changes nothing: by %s', async (by) => {
    const { sandbox, preview } = await openPreview();
    const [contact] = sandbox.rows(contactType);
    const id = contact?.id ?? '';
    const answer = await preview(
      `mutation { updateContact(id: ${id}, input: { jobTitle: "Boss", ownerId: 31000148398 }) { contact { jobTitle owner { displayName } } userErrors { message } } }`,
      by,
    );
    expect(answer.data).toBeNull();
    expect(answer.errors).toBeUndefined();
    expect(answer.preview).toEqual({
      calls: 1,
      writes: [
        {
          path: ['updateContact'],
          call: {
            method: 'PUT',
            path: `/contacts/${id}`,
            include: ['owner'],
            body: { contact: { job_title: 'Boss', owner_id: 31000148398 } },
          },
          calls: 1,
          record: { id: `gid://freshsales/Contact/${id}`, name: contact?.display_name },
          changes: [
            { field: 'jobTitle', from: contact?.job_title, to: 'Boss' },
            { field: 'ownerId', from: contact?.owner_id, to: 31000148398 },
          ],
          userErrors: [],
        },
      ],
    });
    expect(answer.requests).toEqual([`GET /contacts/${id}?include=owner`]);
    expect(sandbox.get(contactType, id)).toEqual(contact);
  });

  test('shows the record that would be deleted, and reports a missing one', async () => {
    const { sandbox, preview } = await openPreview();
    const [deal] = sandbox.rows(dealType);
    const { preview: found, requests } = await preview(
      `mutation { a: deleteDeal(id: ${deal?.id}) { deletedDealId } b: forgetContact(id: 1) { forgottenContactId } }`,
    );
    expect(found.writes).toMatchObject([
      { path: ['a'], record: { name: deal?.name }, call: { method: 'DELETE' }, userErrors: [] },
      { path: ['b'], userErrors: [{ field: ['id'], code: 'NOT_FOUND' }] },
    ]);
    expect(requests).toEqual([`GET /deals/${deal?.id}`, 'GET /contacts/1']);
    expect(sandbox.rows(dealType)).toContainEqual(deal);
  });

  test('reports input errors without a call', async () => {
    const { preview } = await openPreview();
    const { preview: found, requests } = await preview(
      'mutation { createSalesAccount(input: { name: " ", ownerId: "gid://freshsales/Deal/1" }) { userErrors { message } } }',
    );
    expect(found).toMatchObject({
      calls: 0,
      writes: [
        {
          calls: 0,
          userErrors: [
            { field: ['input', 'name'], code: 'REQUIRED' },
            { field: ['input', 'ownerId'], code: 'INVALID' },
          ],
        },
      ],
    });
    expect(requests).toEqual([]);
  });

  test('shows the number of calls of a bulk write, and sends none', async () => {
    const { preview } = await openPreview();
    const rows = Array.from({ length: 250 }, (_, n) => `{ email: "p${n}@x.example", data: { lastName: "P" } }`);
    const { preview: found, requests } = await preview(
      `mutation { bulkUpsertContacts(input: [${rows.join(' ')}]) { succeeded } }`,
    );
    expect(found.calls).toBe(6);
    expect(found.writes[0].call.body.contacts).toHaveLength(100);
    expect(requests).toEqual([]);
  });

  test('does not use up an idempotency key', async () => {
    const { ask, preview } = await openPreview();
    const mutation =
      'mutation { createSalesAccount(input: { name: "Once" }) @idempotent(key: "k") { salesAccount { name } } }';
    await preview(mutation);
    const { data, requests } = await ask(mutation);
    expect(data).toEqual({ createSalesAccount: { salesAccount: { name: 'Once' } } });
    expect(requests).toEqual(['POST /sales_accounts']);
  });

  test('runs a query as usual', async () => {
    const { preview } = await openPreview();
    const { data, preview: found } = await preview('{ rateLimit { limit } }');
    expect([data, found]).toEqual([{ rateLimit: { limit: 1000 } }, undefined]);
  });
});
