import { describe, expect, test } from 'vitest';
import type { FailedAnswer } from '../../src/sandbox/sandbox.ts';
import { openOffice } from './office.ts';

describe('a bulk write of ids', () => {
  const ids = Array.from({ length: 250 }, (_, index) => String(1001 + index));
  const order = (select = 'acceptedIds notSentIds unknownIds messages interruption { code } userErrors { code }') =>
    `mutation ($ids: [ID!]!) { it: bulkDeleteContacts(ids: $ids) { ${select} } }`;
  const gids = (from: number, to: number) => ids.slice(from, to).map((id) => `gid://freshsales/Contact/${id}`);
  const done: FailedAnswer = { status: 200, body: { message: 'deleted.' } };

  test('sends a hundred ids at a time', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/bulk_destroy/, done, 3);
    const { data, requests } = await ask(order(), { ids });
    expect(data).toMatchObject({
      it: { acceptedIds: gids(0, 250), notSentIds: [], unknownIds: [], interruption: null },
    });
    expect(requests).toEqual(Array(3).fill('POST /contacts/bulk_destroy'));
  });

  test.each([
    ['429', { status: 429, text: '' }, 'RATE_LIMITED', [100, 100]],
    ['503', { status: 503, text: '' }, 'UPSTREAM_ERROR', [100, 200]],
    ['400', { status: 400, body: { errors: { message: ['No.'] } } }, 'BAD_USER_INPUT', [100, 100]],
  ] as const)(
    'that a %s breaks off tells what was accepted, what was not sent, and what is unknown',
    async (_what, answer, code, [from, to]) => {
      const { sandbox, ask } = openOffice();
      sandbox.failNext(/bulk_destroy/, done);
      sandbox.failNext(/bulk_destroy/, answer, 5);
      const { data, errors, requests } = await ask(order(), { ids });
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        it: {
          acceptedIds: gids(0, from),
          unknownIds: gids(from, to),
          notSentIds: gids(to, 250),
          interruption: { code },
        },
      });
      expect(requests).toHaveLength(2);
    },
  );

  test('returns userErrors if refused, and an error if never sent', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/bulk_update/, { status: 400, body: { errors: { message: ['Owner is invalid'] } } });
    const { data } = await ask(
      'mutation { it: bulkUpdateContacts(ids: [101], input: { ownerId: 9 }) { acceptedIds userErrors { field code message } } }',
    );
    const problem = { field: ['input', 'ownerId'], code: 'INVALID', message: 'Owner is invalid' };
    expect(data).toEqual({ it: { acceptedIds: [], userErrors: [problem] } });
    sandbox.failNext(/bulk_destroy/, { status: 403, body: {} });
    const { errors } = await ask(order(), { ids: ['101'] });
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'FORBIDDEN', outcome: 'NOT_DONE' } })]);
  });
});
