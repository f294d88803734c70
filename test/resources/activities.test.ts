import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/freshsales/resource.ts';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { productType } from '../../src/resources/product/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { salesActivityType } from '../../src/resources/sales-activity/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld } from '../world.ts';

const user = '{ displayName email }';
const target = '{ __typename ... on Contact { displayName } ... on SalesAccount { name } ... on Deal { name } }';

/** Every relation of the smaller record types: the field, what is asked, the include it sends, and what else it reads. */
const relations: Record<
  string,
  readonly (readonly [field: string, selection: string, include: string, lists?: string])[]
> = {
  task: [
    ['type', '{ name }', '', 'selector/sales_activity_entity_types'],
    ['outcome', '{ name }', '', 'selector/sales_activity_outcomes'],
    ['owner', user, '?include=owner'],
    ['creator', user, '?include=creater'],
    ['updater', user, '?include=updater'],
    ['collaborators', user, '?include=users'],
    ['target', target, '?include=targetable'],
  ],
  appointment: [
    ['outcome', '{ name }', '', 'selector/sales_activity_outcomes'],
    ['creator', user, '?include=creater'],
    [
      'attendees',
      '{ ... on User { displayName } ... on Contact { displayName } }',
      '?include=appointment_attendees,targetable',
    ],
    ['target', target, '?include=targetable'],
  ],
  salesActivity: [
    ['type', '{ name }', '', 'selector/sales_activity_types'],
    ['outcome', '{ name }', '', 'selector/sales_activity_outcomes'],
    ['owner', user, '?include=owner'],
    ['creator', user, '', 'selector/owners'],
    ['updater', user, '', 'selector/owners'],
    [
      'target',
      '{ __typename ... on Contact { id } ... on Deal { id } ... on SalesAccount { id } }',
      '?include=targetable',
    ],
  ],
  product: [
    ['owner', user, '', 'selector/owners'],
    ['creator', user, '', 'selector/owners'],
    ['updater', user, '', 'selector/owners'],
    ['territory', '{ name }', '', 'selector/territories'],
    ['pricings', '{ currencyCode unitPrice setupFee }', '?include=product_pricings'],
  ],
};

const kinds: Record<string, Resource> = {
  task: taskType,
  appointment: appointmentType,
  salesActivity: salesActivityType,
  product: productType,
};

describe.each(Object.entries(relations))('%s', (root, fields) => {
  test.each(fields)('%s', async (field, selection, include, list) => {
    const { sandbox, ask } = openWorld();
    const recordType = kinds[root] as Resource;
    const id = sandbox.rows(recordType)[0]?.id ?? '';
    const { errors, requests } = await ask(`{ ${root}(id: ${id}) { id ${field} ${selection} } }`);
    expect(errors).toBeUndefined();
    expect(requests[0]).toBe(`GET /${recordType.path}/${id}${include}`);
    // A list is read only where the record points into it and the row did not come along.
    expect(requests.slice(1).every((request) => list !== undefined && request === `GET /${list}`)).toBe(true);
  });
});

test.each([
  ['contact', contactType],
  ['salesAccount', salesAccountType],
  ['deal', dealType],
] as const)('what is done about a %s knows what it is about, without another call', async (root, recordType) => {
  const { sandbox, ask } = openWorld({ seed: false });
  const { id } = sandbox.put(recordType as Resource, {});
  const targetables = [{ id, type: recordType.name }];
  sandbox.put(taskType, { title: 'Call', targetables });
  sandbox.put(appointmentType, { title: 'Meet', targetables });
  if (root !== 'salesAccount') sandbox.put(noteType, { description: 'Hm', targetables });
  const about = `{ nodes { target { ... on Node { id } } } }`;
  const fields = `tasks ${about} appointments ${about}${root === 'salesAccount' ? '' : ` notes ${about}`}`;
  const { data, errors, requests } = await ask(`{ ${root}(id: ${id}) { ${fields} } }`);
  expect(errors).toBeUndefined();
  const found = { nodes: [{ target: { id: `gid://freshsales/${recordType.name}/${id}` } }] };
  const notes = root === 'salesAccount' ? {} : { notes: found };
  expect(data).toEqual({ [root]: { tasks: found, appointments: found, ...notes } });
  expect(requests).toHaveLength(1);
});

test('products on deals, their prices, and a product that is not there', async () => {
  const { sandbox, ask } = openWorld();
  const product = sandbox.rows(productType)[0];
  const { data, errors } = await ask(
    `{ product(id: ${product?.id}) { name isActive pricings { currencyCode unitPrice } } none: product(id: 404) { id } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ product: { name: product?.name }, none: null });
});
