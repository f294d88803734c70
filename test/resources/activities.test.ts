import { describe, expect, test } from 'vitest';
import type { Resource } from '../../src/freshsales/resource.ts';
import { appointmentResource } from '../../src/resources/appointment/resource.ts';
import { contactResource } from '../../src/resources/contact/resource.ts';
import { dealResource } from '../../src/resources/deal/resource.ts';
import { noteResource } from '../../src/resources/note/resource.ts';
import { productResource } from '../../src/resources/product/resource.ts';
import { salesAccountResource } from '../../src/resources/sales-account/resource.ts';
import { salesActivityResource } from '../../src/resources/sales-activity/resource.ts';
import { taskResource } from '../../src/resources/task/resource.ts';
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
  task: taskResource,
  appointment: appointmentResource,
  salesActivity: salesActivityResource,
  product: productResource,
};

describe.each(Object.entries(relations))('%s', (root, fields) => {
  test.each(fields)('%s', async (field, selection, include, list) => {
    const { sandbox, ask } = openWorld();
    const resource = kinds[root] as Resource;
    const id = sandbox.rows(resource)[0]?.id ?? '';
    const { errors, requests } = await ask(`{ ${root}(id: ${id}) { id ${field} ${selection} } }`);
    expect(errors).toBeUndefined();
    expect(requests[0]).toBe(`GET /${resource.path}/${id}${include}`);
    // A list is read only where the record points into it and the row did not come along.
    expect(requests.slice(1).every((request) => list !== undefined && request === `GET /${list}`)).toBe(true);
  });
});

test.each([
  ['contact', contactResource],
  ['salesAccount', salesAccountResource],
  ['deal', dealResource],
] as const)('what is done about a %s knows what it is about, without another call', async (root, resource) => {
  const { sandbox, ask } = openWorld({ seed: false });
  const { id } = sandbox.put(resource as Resource, {});
  const targetables = [{ id, type: resource.name }];
  sandbox.put(taskResource, { title: 'Call', targetables });
  sandbox.put(appointmentResource, { title: 'Meet', targetables });
  if (root !== 'salesAccount') sandbox.put(noteResource, { description: 'Hm', targetables });
  const about = `{ nodes { target { ... on Node { id } } } }`;
  const fields = `tasks ${about} appointments ${about}${root === 'salesAccount' ? '' : ` notes ${about}`}`;
  const { data, errors, requests } = await ask(`{ ${root}(id: ${id}) { ${fields} } }`);
  expect(errors).toBeUndefined();
  const found = { nodes: [{ target: { id: `gid://freshsales/${resource.name}/${id}` } }] };
  const notes = root === 'salesAccount' ? {} : { notes: found };
  expect(data).toEqual({ [root]: { tasks: found, appointments: found, ...notes } });
  expect(requests).toHaveLength(1);
});

test('products on deals, their prices, and a product that is not there', async () => {
  const { sandbox, ask } = openWorld();
  const product = sandbox.rows(productResource)[0];
  const { data, errors } = await ask(
    `{ product(id: ${product?.id}) { name isActive pricings { currencyCode unitPrice } } none: product(id: 404) { id } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toMatchObject({ product: { name: product?.name }, none: null });
});
