import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import type { FailedAnswer } from '../../src/sandbox/sandbox.ts';
import { openOffice } from './office.ts';

/** One mutation of each method. */
const POST = 'createContact(input: { firstName: "Fay", email: "fay@acme.example" })';
const PUT = 'updateSalesAccount(id: 501, input: { name: "Acme & Sons" })';
const DELETE = 'deleteTask(id: 401)';

const refused = (body: unknown, status = 400): FailedAnswer => ({ status, body });
const sentences = (message: unknown, code = 400) => refused({ errors: { code, message } }, code);

describe('a refusal in an unusual form or another language becomes userErrors', () => {
  const nameOf = ['input', 'name'];
  const unsaid = [{ field: null, code: 'INVALID', message: 'Freshsales refused this without giving a reason.' }];
  const said = (message: string, field: string[] | null = null, code = 'INVALID') => [{ field, code, message }];

  test.each([
    ['Dutch', sentences(['Acme & Sons bestaat al.']), said('Acme & Sons bestaat al.', nameOf)],
    ['German', sentences(['Name ist bereits vergeben']), said('Name ist bereits vergeben', nameOf)],
    ['Japanese', sentences(['名前はすでに使用されています']), said('名前はすでに使用されています')],
    [
      'message as text',
      sentences('Name has already been taken'),
      said('Name has already been taken', nameOf, 'NOT_UNIQUE'),
    ],
    [
      'errors as a list',
      refused({ errors: [{ message: 'First' }, { message: 'Second' }] }),
      [...said('First'), ...said('Second')],
    ],
    ['errors as a list of texts', refused({ errors: ['No.'] }), said('No.')],
    ['message on top', refused({ message: 'No.' }), said('No.')],
    ['description on top', refused({ description: 'No.' }), said('No.')],
    ['text as JSON', refused('No.'), said('No.')],
    ['an empty body', { status: 400, text: '' }, unsaid],
    ['a page', { status: 400, text: '<html><body>Bad Request</body></html>' }, unsaid],
    ['{}', refused({}), unsaid],
    ['[]', refused([]), unsaid],
    ['null', refused(null), unsaid],
    ['no sentence', sentences([]), unsaid],
    ['numbers for sentences', sentences([1, null, {}]), unsaid],
    ['422', refused({ error_code: 422 }, 422), unsaid],
    ['422 with a sentence', sentences(['Name is invalid'], 422), said('Name is invalid', nameOf)],
    ['422 with a page', { status: 422, text: '<html>' }, unsaid],
  ] as const)('%s', async (_what, answer, userErrors) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^PUT/, answer);
    const { data, errors, requests } = await ask(
      `mutation { it: ${PUT} { salesAccount { id } userErrors { field code message } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: { salesAccount: null, userErrors } });
    expect(requests).toHaveLength(1);
  });

  test('reads a quoted address as taken, in any language', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^POST/, sentences(['fay@acme.example ist schon vergeben.']));
    const { data } = await ask(`mutation { it: ${POST} { userErrors { field code } } }`);
    expect(data).toEqual({ it: { userErrors: [{ field: ['input', 'email'], code: 'NOT_UNIQUE' }] } });
  });
});

/** What goes wrong, what it is called, and what is known of a POST, a PUT and a DELETE then. */
type Row = readonly [what: string, answer: FailedAnswer, code: string, outcome: string | readonly string[]];

const throttled = 'UCR contact fetch failure :: response_code :: 429 :: response :: Too many requests';
const page = '<html><body>Sign in at https://widgetz.myfreshworks.com</body></html>';

const failures: readonly Row[] = [
  ['a 429 inside a 400', sentences([throttled]), 'RATE_LIMITED', 'NOT_DONE'],
  ['401', refused({ login: 'failed', message: null }, 401), 'UNAUTHENTICATED', 'NOT_DONE'],
  ['403 in Dutch', sentences(['U bent niet bevoegd.'], 403), 'FORBIDDEN', 'NOT_DONE'],
  ['403 with a page', { status: 403, text: page }, 'FORBIDDEN', 'NOT_DONE'],
  ['404 with a page', { status: 404, text: page }, 'UPSTREAM_ERROR', 'NOT_DONE'],
  ['405', refused({}, 405), 'UPSTREAM_ERROR', 'NOT_DONE'],
  ['429', { status: 429, text: 'Too many requests' }, 'RATE_LIMITED', 'NOT_DONE'],
  ['500', refused({ error_code: 500 }, 500), 'UPSTREAM_ERROR', 'UNKNOWN'],
  ['500 with a sentence', sentences(['Oops'], 500), 'UPSTREAM_ERROR', 'UNKNOWN'],
  ['502 with a page', { status: 502, text: page }, 'UPSTREAM_ERROR', 'UNKNOWN'],
  ['503', { status: 503, text: '' }, 'UPSTREAM_ERROR', 'UNKNOWN'],
  [
    'a redirect',
    { status: 302, text: '', headers: { location: 'http://elsewhere.example/' } },
    'UPSTREAM_ERROR',
    'NOT_DONE',
  ],
  ['no answer in time', { status: 200, body: {}, delay: 400 }, 'UPSTREAM_TIMEOUT', 'UNKNOWN'],
  ['a page with 200', { status: 200, text: page }, 'UPSTREAM_ERROR', 'UNKNOWN'],
  ['half an answer', { status: 200, text: '{"contact": {"id": 1, ' }, 'UPSTREAM_ERROR', 'UNKNOWN'],
];

const seen = (code: string, outcome: string) => [
  expect.objectContaining({ path: ['it'], extensions: expect.objectContaining({ code, outcome }) }),
];

describe.each(failures)('%s', (_what, answer, code, outcome) => {
  test.each([
    ['POST', POST],
    ['PUT', PUT],
    ['DELETE', DELETE],
  ])('to a %s is an error that says what is known, and it is sent once', async (method, mutation) => {
    const { sandbox, ask } = openOffice({ timeoutMs: 100 });
    sandbox.failNext(new RegExp(`^${method}`), answer, 5);
    const { data, errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { message } } }`);
    expect(data).toEqual({ it: null });
    expect(errors).toEqual(seen(code, String(outcome)));
    expect(requests).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toMatch(/sandbox\.invalid|test-key|widgetz|crm\/sales|<html>|127\.0/);
    expect(/outcome is unknown/.test(errors?.[0]?.message ?? '')).toBe(outcome === 'UNKNOWN');
  });
});

describe('a success without a record in the response', () => {
  test.each([
    ['another envelope', { status: 200, body: { parrot: {} } }],
    ['a list', { status: 200, body: [] }],
    ['nothing', { status: 204, body: undefined }],
    ['a record without an id', { status: 200, body: { contact: {}, sales_account: {}, list: {} } }],
    [
      'an id that is none',
      { status: 200, body: { contact: { id: {} }, sales_account: { id: 'x' }, list: { id: null } } },
    ],
  ] as const)('%s may have been done', async (_what, answer) => {
    for (const mutation of [POST, PUT, 'createContactList(name: "Fans")']) {
      const { sandbox, ask } = openOffice();
      const empty = answer.status === 204 ? { status: 200, text: '' } : answer;
      sandbox.failNext(/^(POST|PUT)/, empty);
      const { errors, requests } = await ask(`mutation { it: ${mutation} { userErrors { message } } }`);
      expect(errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
      expect(requests).toHaveLength(1);
    }
  });

  test.each([
    ['nothing at all', { status: 200, text: '' }],
    ['true', { status: 200, body: true }],
    ['a word of success', { status: 200, body: { success: '200' } }],
    ['a word of success with an id', { status: 200, body: { msg: { id: 1, code: 'success' } } }],
  ])('%s is enough for a delete', async (_what, answer) => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^DELETE/, answer);
    const { data, errors } = await ask(`mutation { it: ${DELETE} { deletedTaskId userErrors { message } } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: { deletedTaskId: 'gid://freshsales/Task/401', userErrors: [] } });
  });

  test('a sentence alone leaves open what became of a delete', async () => {
    const { sandbox, ask } = openOffice();
    sandbox.failNext(/^DELETE/, { status: 200, body: { message: 'Taak kan niet worden verwijderd' } });
    const { data, errors, requests } = await ask(`mutation { it: ${DELETE} { deletedTaskId userErrors { message } } }`);
    expect(data).toEqual({ it: null });
    expect(errors).toEqual(seen('UPSTREAM_ERROR', 'UNKNOWN'));
    expect(errors?.[0]?.message).toContain('Taak kan niet worden verwijderd');
    expect(requests).toHaveLength(1);
  });

  test('accepts 201 like 200', async () => {
    const { sandbox, ask } = openOffice();
    const body = { contact: { id: 101, email: 'ada@acme.example' } };
    sandbox.failNext(/^POST/, { status: 201, body });
    const { data } = await ask(`mutation { it: ${POST} { contact { databaseId email } userErrors { code } } }`);
    expect(data).toEqual({ it: { contact: { databaseId: '101', email: 'ada@acme.example' }, userErrors: [] } });
  });
});

describe('a record that is in the recycle bin after a write', () => {
  test.each([
    ['contact', 'contact', 'updateContact(id: 101, input: { city: "x" })', 101, { city: 'x' }],
    ['sales account', 'salesAccount', 'updateSalesAccount(id: 501, input: { city: "x" })', 501, { city: 'x' }],
    ['deal', 'deal', 'updateDeal(id: 301, input: { name: "x" })', 301, { name: 'x' }],
    [
      'upserted account',
      'salesAccount',
      'upsertSalesAccount(by: { name: "Acme" }, input: { city: "x" })',
      501,
      { city: 'x' },
    ],
  ])('shows the returned columns of a %s, and is not read by its id', async (_what, field, mutation, id, columns) => {
    const { sandbox, ask } = openOffice();
    const key = field.replace('salesAccount', 'sales_account');
    sandbox.failNext(/^(PUT|POST)/, { status: 200, body: { [key]: { id, is_deleted: true, ...columns } } });
    const [column = ''] = Object.keys(columns);
    const selection = `${column} owner { email } tasks { nodes { id } }`;
    const { data, errors, requests } = await ask(
      `mutation { it: ${mutation} { ${field} { ${selection} } userErrors { code } } }`,
    );
    expect(data).toEqual({ it: { [field]: { ...columns, owner: null, tasks: { nodes: [] } }, userErrors: [] } });
    const path = ['it', field, 'owner'];
    expect(errors).toEqual([
      expect.objectContaining({ path, extensions: expect.objectContaining({ code: 'NOT_AVAILABLE' }) }),
    ]);
    expect(requests).toHaveLength(1);
    const read = await ask(`{ it: ${field}(id: ${id}) { ${column} owner { email } } }`);
    expect(read.errors).toBeUndefined();
    expect(read.data).not.toMatchObject({ it: columns });
    expect(read.requests).toHaveLength(1);
  });
});

test('reports that nothing was done if a read before the write fails', async () => {
  const { sandbox, ask } = openOffice();
  sandbox.failNext(/selector/, { status: 500, body: {} });
  const { errors, requests } = await ask(
    'mutation { it: updateDeal(id: 301, input: { stageId: 711 }) { userErrors { message } } }',
  );
  expect(errors).toEqual(seen('UPSTREAM_ERROR', 'NOT_DONE'));
  expect(requests).toEqual(['GET /selector/deal_stages']);
});

test('refuses a write if no calls are left', async () => {
  const { ask, sandbox } = openOffice({ behaviours: { hourlyLimit: 1 } });
  await ask('{ dealTypes { id } }');
  const { errors, requests } = await ask(`mutation { it: ${POST} { userErrors { message } } }`);
  expect(errors).toEqual(seen('RATE_LIMITED', 'NOT_DONE'));
  expect(requests).toEqual([]);
  expect(sandbox.sent).toHaveLength(1);
});

describe('an account that ignores includes on writes', () => {
  const mutation =
    'mutation { updateContact(id: 101, input: { city: "x" }) { contact { city owner { displayName } } userErrors { code } } }';
  const requests = ['PUT /contacts/101?include=owner', 'GET /contacts/101?include=owner'];

  test('is read again for the selected fields', async () => {
    const { ask } = openOffice({ behaviours: { writesHonourIncludes: false } });
    const contact = { city: 'x', owner: { displayName: 'Alex Morgan' } };
    expect(await ask(mutation)).toMatchObject({ data: { updateContact: { contact, userErrors: [] } }, requests });
  });

  test('reports the write as done even if that read fails', async () => {
    const { sandbox, ask } = openOffice({ behaviours: { writesHonourIncludes: false } });
    sandbox.failNext(/^GET/, { status: 500, body: {} });
    const answer = await ask(mutation);
    const contact = { city: 'x', owner: null };
    expect(answer).toMatchObject({ data: { updateContact: { contact, userErrors: [] } }, requests });
    expect(answer.errors).toEqual([expect.objectContaining({ path: ['updateContact', 'contact', 'owner'] })]);
    expect(sandbox.get(contactType, '101')?.city).toBe('x');
  });
});
