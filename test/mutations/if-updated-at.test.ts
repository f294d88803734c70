import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice as openCallers } from '../access/office.ts';
import { openOffice } from './office.ts';

/** Mutations with the argument, and a record for each. */
const ids: Readonly<Record<string, number>> = {
  ...{ Contact: 101, SalesAccount: 501, Deal: 301, Lead: 201, Task: 401, Appointment: 601 },
  ...{ SalesActivity: 901, Product: 701 },
};
const CHANGES: Readonly<Record<string, string>> = {
  ...{ Contact: 'city: "x"', SalesAccount: 'city: "x"', Deal: 'name: "x"', Lead: 'city: "x"' },
  ...{ Task: 'title: "x"', Appointment: 'title: "x"', SalesActivity: 'title: "x"', Product: 'name: "x"' },
};
const PATHS: Readonly<Record<string, string>> = {
  ...{ Contact: 'contacts', SalesAccount: 'sales_accounts', Deal: 'deals', Lead: 'leads', Task: 'tasks' },
  ...{ Appointment: 'appointments', SalesActivity: 'sales_activities', Product: 'cpq/products' },
};

const mutations = Object.keys(ids).flatMap((type) => [
  [`update${type}`, type, `, input: { ${CHANGES[type]} }`] as const,
  [`delete${type}`, type, ''] as const,
  ...(['Contact', 'SalesAccount', 'Deal', 'Lead'].includes(type) ? [[`forget${type}`, type, ''] as const] : []),
  ...(type === 'Task' ? [['completeTask', type, ''] as const] : []),
]);

test('every update and delete of one record that can be read takes ifUpdatedAt', () => {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  const taking = fields.filter(({ args }) => args.some(({ name }) => name === 'ifUpdatedAt')).map(({ name }) => name);
  const listed: readonly string[] = mutations.map(([name]) => name);
  const hint = 'Add the record type to ids, CHANGES and PATHS in test/mutations/if-updated-at.test.ts.';
  expect(
    taking.filter((name) => !listed.includes(name)),
    hint,
  ).toEqual([]);
  expect(listed.filter((name) => !taking.includes(name))).toEqual([]);
});

describe.each(mutations)('%s', (mutation, type, input) => {
  const open = () => openOffice({ product: type === 'Lead' ? 'classic' : 'suite' });
  const write = (at: string) =>
    `mutation { it: ${mutation}(id: ${ids[type]}${input}, ifUpdatedAt: "${at}") { userErrors { field code message } } }`;
  const read = `GET /${PATHS[type]}/${ids[type]}`;

  test('is done if the record was not updated since', async () => {
    const { ask } = open();
    const field = `${type.charAt(0).toLowerCase()}${type.slice(1)}`;
    const { data } = await ask(`{ it: ${field}(id: ${ids[type]}) { updatedAt } }`);
    const { requests, data: done } = await ask(write(Object(data?.it).updatedAt));
    expect(done).toEqual({ it: { userErrors: [] } });
    expect(requests).toEqual([expect.stringContaining(read), expect.not.stringMatching(/^GET/)]);
  });

  test('is refused if it was', async () => {
    const { ask } = open();
    const { data, requests } = await ask(write('2001-01-01T00:00:00Z'));
    const message = expect.stringMatching(/^The record was updated at 20.*Z\. Read it again/);
    expect(data).toEqual({ it: { userErrors: [{ field: ['ifUpdatedAt'], code: 'CONFLICT', message }] } });
    expect(requests).toEqual([read]);
  });

  test('is planned and previewed with the read', async () => {
    const { ask, plan } = open();
    expect(await plan(write('2001-01-01T00:00:00Z'))).toMatchObject({ needed: 2 });
    const { extensions } = await ask(write('2001-01-01T00:00:00Z'), {}, { 'x-freshsales-preview': '1' });
    expect(extensions).toMatchObject({ preview: { writes: [{ userErrors: [{ code: 'CONFLICT' }] }] } });
  });
});

describe('the time of the last update', () => {
  const write = (at: string) =>
    `mutation { it: updateContact(id: 101, input: { city: "x" }, ifUpdatedAt: "${at}") { contact { city } userErrors { code } } }`;
  const open = (updated_at: string | null) => {
    const office = openOffice();
    office.sandbox.failNext(/^GET .contacts.101/, { status: 200, body: { contact: { id: 101, updated_at } } });
    return office;
  };

  test.each([
    ['2026-06-15T12:00:00+02:00', '2026-06-15T10:00:00Z'],
    ['2026-06-15T10:00:00Z', '2026-06-15T12:00:00.000+02:00'],
    ['2026-06-15T10:00:00.987Z', '2026-06-15T10:00:00Z'],
    ['2026-06-15T10:00:00Z', '2026-06-15T10:00:00.987Z'],
    ['1781517600', '2026-06-15T10:00:00Z'],
    ['2026-06-15T10:00:00', '2026-06-15T10:00:00Z'],
  ])('%s is %s', async (wire, given) => {
    expect((await open(wire).ask(write(given))).data).toMatchObject({ it: { userErrors: [] } });
  });

  test.each(['2026-06-15T10:00:01Z', '2026-06-15T09:59:59Z'])('2026-06-15T10:00:00Z is not %s', async (given) => {
    const { data, requests } = await open('2026-06-15T10:00:00Z').ask(write(given));
    expect(data).toMatchObject({ it: { contact: null, userErrors: [{ code: 'CONFLICT' }] } });
    expect(requests).toHaveLength(1);
  });

  test.each([null, 'soon'])('cannot be checked if Freshsales sends %j', async (wire) => {
    expect((await open(wire).ask(write('2026-06-15T10:00:00Z'))).data).toMatchObject({
      it: { userErrors: [{ code: 'CONFLICT' }] },
    });
  });

  test('is read past the cache', async () => {
    const { ask, sandbox } = openOffice();
    const { data } = await ask('{ contact(id: 101) { updatedAt } }');
    sandbox.put(contactType, {
      ...sandbox.get(contactType, '101'),
      id: '101',
      updated_at: '2030-01-01T00:00:00+00:00',
    });
    const answer = await ask(write(Object(data?.contact).updatedAt));
    expect(answer.data).toMatchObject({ it: { userErrors: [{ code: 'CONFLICT' }] } });
  });

  test('lets one of several writers through', async () => {
    let time = new Date('2026-06-15T10:00:00Z').getTime();
    const { ask } = openOffice({
      now: () => {
        time += 1000;
        return new Date(time);
      },
    });
    const { data } = await ask('{ contact(id: 101) { updatedAt } }');
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask(write(Object(data?.contact).updatedAt))));
    const codes = answers.map((answer) => Object(answer.data?.it).userErrors[0]?.code ?? 'DONE');
    expect(codes.toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'CONFLICT', 'DONE']);
  });

  test('that a caller may not see is no condition for it', async () => {
    const { ask } = await openCallers({ Clerk: 'grants:\n  contacts:\n    access: write\n    fields: [city]' });
    const { errors, requests } = await ask('Clerk', write('2026-06-15T10:00:00Z'));
    expect(errors).toHaveLength(1);
    expect(requests).toEqual([]);
  });

  test('a read that fails leaves everything as it is', async () => {
    const { ask, sandbox } = openOffice();
    sandbox.failNext(/^GET/, { status: 500, body: {} });
    const { errors, requests } = await ask(write('2026-06-15T10:00:00Z'));
    expect(errors).toMatchObject([{ extensions: { outcome: 'NOT_DONE' } }]);
    expect(requests).toHaveLength(1);
  });
});
