import { describe, expect, test } from 'vitest';
import { openOffice, PRIYA } from './office.ts';

/** One mutation of each method. */
const POST = 'createContact(input: { firstName: "Fay", email: "fay@acme.example" })';
const PUT = 'updateSalesAccount(id: 501, input: { name: "Acme & Sons" })';
const DELETE = 'deleteTask(id: 401)';

const seen = (code: string, outcome: string) => [
  expect.objectContaining({ extensions: expect.objectContaining({ code, outcome }) }),
];

describe('a broken connection', () => {
  const drop = { status: 0, drop: true };

  test('ends a POST, which is never repeated', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, drop, 5);
    const { errors, requests } = await ask(`mutation { it: ${POST} { userErrors { message } } }`);
    expect(errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
    expect(requests).toEqual(['POST /contacts']);
  });

  test.each([
    ['PUT', PUT, 'PUT /sales_accounts/501'],
    ['DELETE', DELETE, 'DELETE /tasks/401'],
  ])('lets a %s be sent once more, and no more than once', async (_method, mutation, request) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(request, drop);
    const mended = await ask(`mutation { it: ${mutation} { userErrors { message } } }`);
    expect(mended).toMatchObject({ errors: undefined, data: { it: { userErrors: [] } }, requests: [request, request] });
    sandbox.failNext(request, drop, 5);
    const broken = await ask(`mutation { it: ${mutation} { userErrors { message } } }`);
    expect(broken.errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
    expect(broken.requests).toEqual([request, request]);
  });

  test('after a completed DELETE is detected by the repeated one, which finds no record', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^DELETE/, { ...drop, performed: true });
    const { data, requests } = await ask(`mutation { it: ${DELETE} { deletedTaskId userErrors { message } } }`);
    expect(data).toEqual({ it: { deletedTaskId: 'gid://freshsales/Task/401', userErrors: [] } });
    expect(requests).toHaveLength(2);
  });

  test('after a restore are not mistaken for a missing record, which the repeated one finds', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/restore/, { ...drop, performed: true });
    const { errors, requests } = await ask('mutation { it: restoreContact(id: 103) { userErrors { message } } }');
    expect(errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
    expect(requests).toHaveLength(2);
    sandbox.failNext(/restore/, drop);
    const missing = await ask('mutation { it: restoreContact(id: 102) { userErrors { message } } }');
    expect(missing.errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
  });

  test.each([
    ['attendees', `updateAppointment(id: 601, input: { attendeeIds: ["gid://freshsales/User/${PRIYA}"] })`],
    ['collaborators', `updateTask(id: 401, input: { collaboratorIds: ["gid://freshsales/User/${PRIYA}"] })`],
  ])('do not repeat a PUT that adds %s', async (_what, mutation) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^PUT/, { ...drop, performed: true });
    const { errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { message } } }`);
    expect(errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
    expect(requests).toHaveLength(1);
  });

  test.each([
    ['429', { status: 429, text: '' }, 'RATE_LIMITED'],
    ['401', { status: 401, text: '' }, 'UNAUTHENTICATED'],
    ['403', { status: 403, text: '' }, 'FORBIDDEN'],
  ])('and then a %s leave open what became of the first', async (_what, answer, code) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^PUT/, { ...drop, performed: true });
    sandbox.failNext(/^PUT/, answer);
    const { errors, requests } = await ask(`mutation { it: ${PUT} { userErrors { message } } }`);
    expect(errors).toEqual(seen(code, 'UNKNOWN'));
    expect(requests).toHaveLength(2);
  });
});
