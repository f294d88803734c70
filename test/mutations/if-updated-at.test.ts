import { getNamedType, isInputObjectType } from 'graphql';
import { describe, expect, test } from 'vitest';
import { onlyProductOf } from '../../src/freshsales/products.ts';
import { sourceOf } from '../../src/records/field-needs.ts';
import { toGid } from '../../src/records/gid.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';
import { openOffice as openCallers } from '../access/office.ts';
import { openOffice } from './office.ts';

const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
const takes = ({ args }: (typeof fields)[number], argument: string) => args.some(({ name }) => name === argument);
const writeOf = ({ extensions }: (typeof fields)[number]) => sourceOf(extensions).write;

/** Every mutation with the argument, the type of record that it writes, and an input that changes something. */
const mutations = fields
  .filter((field) => takes(field, 'ifUpdatedAt'))
  .map((field) => [field.name, writeOf(field)?.type ?? '', inputOf(field)] as const);

function inputOf({ args }: (typeof fields)[number]): string {
  const input = getNamedType(args.find(({ name }) => name === 'input')?.type);
  if (!isInputObjectType(input)) return '';
  const text = Object.values(input.getFields()).find(({ type }) => String(type) === 'String');
  return `, input: { ${text?.name}: "x" }`;
}

test('every update and delete of one record that can be read takes ifUpdatedAt', () => {
  const readable = recordTypes.filter(({ fetch }) => fetch.length > 0).map(({ name }) => name);
  // A conversion replaces the lead.
  const single = fields.filter(
    (field) =>
      takes(field, 'id') &&
      readable.includes(writeOf(field)?.type ?? '') &&
      ['update', 'delete', 'forget'].includes(writeOf(field)?.action ?? '') &&
      field.name !== 'convertLead',
  );
  const without = single.filter((field) => !takes(field, 'ifUpdatedAt')).map(({ name }) => name);
  const hint = 'Add ...conditionArgs(recordType) to args in mutations.ts of the record type.';
  expect(without, hint).toEqual([]);
  expect(mutations).toHaveLength(single.length);
});

describe.each(mutations)('%s', (mutation, type, input) => {
  function open() {
    const office = openOffice({ product: onlyProductOf(type) ?? 'suite' });
    const recordType = recordTypes.find(({ name }) => name === type);
    if (!recordType) throw new Error(`There is no record type ${type}.`);
    const [{ id } = office.sandbox.put(recordType, {})] = office.sandbox.rows(recordType);
    const write = (at: string) =>
      `mutation { it: ${mutation}(id: ${id}${input}, ifUpdatedAt: "${at}") { userErrors { field code message } } }`;
    return { ...office, id, write, read: `GET /${recordType.path}/${id}` };
  }

  test('is done if the record was not updated since', async () => {
    const { ask, id, write, read } = open();
    const { data } = await ask(`{ it: node(id: "${toGid(type, id)}") { ... on ${type} { updatedAt } } }`);
    const { requests, data: done } = await ask(write(Object(data?.it).updatedAt));
    expect(done).toEqual({ it: { userErrors: [] } });
    expect(requests).toEqual([expect.stringContaining(read), expect.not.stringMatching(/^GET/)]);
  });

  test('is refused if it was', async () => {
    const { ask, write, read } = open();
    const { data, requests } = await ask(write('2001-01-01T00:00:00Z'));
    const message = expect.stringMatching(/^The record was updated at 20.*Z\. Read it again/);
    expect(data).toEqual({ it: { userErrors: [{ field: ['ifUpdatedAt'], code: 'CONFLICT', message }] } });
    expect(requests).toEqual([read]);
  });

  test('is planned and previewed with the read', async () => {
    const { ask, plan, write } = open();
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
