import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemOf, reportsOf, type WebhookPath } from '../../src/events/webhooks.ts';

const sample = (name: string) => readFileSync(new URL(`samples/${name}.json`, import.meta.url), 'utf8');
const nothing = new URLSearchParams();
const read = (body: string | object, path: WebhookPath = {}, query = nothing) => {
  const reports = reportsOf(typeof body === 'string' ? body : JSON.stringify(body), query, path);
  return reports.length === 0 ? undefined : reports.map(({ type, id, action }) => `${type}/${id} ${action}`).join(', ');
};

const deal = { type: 'Deal', action: 'updated' } as const;

describe('finds the record of', () => {
  test.each([
    ['workflow.deal.simple', {}, 'Deal/31001944158 updated'],
    ['workflow.lead.advanced', {}, 'Lead/5005390500 updated'],
    ['workflow.lead.advanced', { type: 'Lead', action: 'created' }, 'Lead/5005390500 created'],
    ['journey.list_add_contact', {}, 'Contact/31016358306 updated'],
    ['event.onDealUpdate.v1', {}, 'Deal/18 updated'],
    ['event.onTaskUpdate.v2', {}, 'Task/117596 updated'],
    ['workflow.contact.template', {}, undefined],
  ] as const)('the sample %s', (name, path, expected) => {
    expect(read(sample(name), path)).toBe(expected);
  });

  test.each([
    ['a number', { id: 7 }],
    ['text', { id: '7' }],
    ['text with spaces and zeros', { id: ' 007 ' }],
    ['the key of the type', { deal_id: '7', id: 8 }],
    ['a key in camel case', { dealId: 7 }],
    ['a nested record', { deal: { id: '7', deal_stage_id: 3 } }],
    ['a nested record beside other ids', { deal_id: 7, id: 9, deal: { id: 7, deal_stage_id: 2 } }],
    ['a list of one', [{ id: 7 }]],
    ['JSON that a quote breaks', '{"deal_id": "7", "deal_name": "The "big" one"}'],
    ['JSON that a line break breaks', '{"deal_name": "a\nb", "deal_id": 7}'],
    ['JSON with an empty value', '{"deal_id": 7, "deal_amount": , "deal_name": "x"}'],
    ['broken JSON with a nested record', '{"name": "a"b", "deal": {"id": 7, "name": "c"d"}}'],
    ['JSON that ends early', '{"deal_id": 7, "deal_na'],
    ['a form', 'deal_id=7&deal_name=A+%26+B'],
    ['a form with a nested record', 'deal[id]=7&deal[name]=A&tags[]=b'],
    ['a form with JSON in it', `payload=${encodeURIComponent('{"deal":{"id":7}}')}&deal_id=7`],
    ['XML', '<deal><id>7</id><name>A & B</name></deal>'],
    ['XML with attributes and line breaks', '<?xml version="1.0"?>\n<deal>\n <id type="integer">\n7\n</id></deal>'],
    ['XML with the key of the type', '<payload><deal_id>7</deal_id></payload>'],
    ['a body with other placeholders', { id: 7, email: '{{contact.email}}' }],
  ])('a deal by %s', (_name, body) => {
    expect(read(body, deal)).toBe('Deal/7 updated');
  });

  test('a deal by the query of the URL', () => {
    expect(read('', deal, new URLSearchParams('id=7'))).toBe('Deal/7 updated');
    expect(read('', {}, new URLSearchParams('deal_id=7'))).toBe('Deal/7 updated');
  });

  test('an id that a number cannot hold', () => {
    expect(read('{"id": 90071992547409931}', deal)).toBe('Deal/90071992547409931 updated');
  });
});

describe('a list', () => {
  test('names a record with each object', () => {
    const bodies = Array.from({ length: 50 }, (_, index) => ({ id: index + 1 }));
    expect(read(bodies, deal)?.split(', ')).toEqual(bodies.map(({ id }) => `Deal/${id} updated`));
    expect(read([{ deal_id: 1 }, { contact: { id: 2 } }])).toBe('Deal/1 updated, Contact/2 updated');
  });

  test('names none if an object does not, or if there are too many', () => {
    expect(read([{ id: 1 }, { name: 'x' }], deal)).toBeUndefined();
    expect(read(Array(1001).fill({ id: 1 }), deal)).toBeUndefined();
    expect(problemOf(JSON.stringify(Array(1001).fill({ id: 1 })), deal)).toContain('more than 1000 records');
  });
});

describe('without a type in the path', () => {
  test.each([
    [{ sales_account: { id: 3, custom_field: { cf_a: 1 } } }, 'SalesAccount/3 updated'],
    [{ contact: { id: '5', first_name: 'A', email: 'a@b.example' } }, 'Contact/5 updated'],
    [{ sales_activity_id: 4, sales_activity_title: 'x', contact_id: 3 }, 'SalesActivity/4 updated'],
    [{ salesAccountId: 4 }, 'SalesAccount/4 updated'],
    [{ event: 'deal.deleted', deal_id: 4 }, 'Deal/4 deleted'],
    [{ event: 'onContactCreate', data: { contact: { id: 9 }, changes: {}, actor: { id: 1 } } }, 'Contact/9 created'],
    [{ event: 'onSalesAccountUpdate', data: { sales_account: { id: 9 } } }, 'SalesAccount/9 updated'],
    [{ event: 'onLeadDelete', data: { lead: { id: 9 } } }, 'Lead/9 deleted'],
    [{ event: 'onTaskUpdate', data: { task: { id: 9, is_deleted: true } } }, 'Task/9 deleted'],
    [{ id: 7 }, undefined],
    [{ hello: 'world' }, undefined],
    ['', undefined],
    ['null', undefined],
    ['[]', undefined],
  ])('%j is about %s', (body, expected) => {
    expect(read(body)).toBe(expected);
  });
});

test.each([
  ['a placeholder', { id: '{{deal.id}}' }],
  ['a name', { id: 'seven' }],
  ['zero', { id: 0 }],
  ['a negative number', { id: -7 }],
  ['a fraction', { id: 7.5 }],
  ['a list', { id: [7] }],
  ['more digits than an id has', { id: '1'.repeat(30) }],
  ['nothing', { id: '' }],
  ['an id of another type', { contact_id: 7 }],
])('takes no id from %s', (_name, body) => {
  expect(read(body, deal)).toBeUndefined();
});

test('names the changed columns of product events, in both forms, without those that always change', () => {
  const fieldsOf = (body: string) => reportsOf(body, nothing, {})[0]?.fields;
  expect(fieldsOf(sample('event.onDealUpdate.v1'))).toEqual(expect.arrayContaining(['deal_stage_id', 'amount']));
  expect(fieldsOf(sample('event.onTaskUpdate.v2'))).toEqual(expect.arrayContaining(['status']));
  expect(fieldsOf(sample('event.onTaskUpdate.v2'))).not.toContain('updated_at');
  const custom = {
    event: 'onContactUpdate',
    data: { contact: { id: 1 }, changes: { custom_field: { cf_a: [1, 2] } } },
  };
  expect(fieldsOf(JSON.stringify(custom))).toEqual(['cf_a']);
});

test('survives hostile bodies', () => {
  const bodies = [
    '{'.repeat(500_000),
    `{"deal":${'['.repeat(500_000)}`,
    `{"${'a'.repeat(500_000)}`,
    `{${'"a":{'.repeat(100_000)}`,
    `<${'deal><'.repeat(100_000)}`,
    `{${'"deal_id" : '.repeat(80_000)}`,
    `{"a"${' '.repeat(500_000)}:`,
    `{"__proto__":{"deal_id":7},"x":"a"b"}`,
    `<a${' '.repeat(500_000)}`,
    `${'<a '.repeat(300_000)}`,
    Array.from({ length: 60_000 }, (_, index) => `contactIdDealX${index}=${index}`).join('&'),
  ];
  for (const body of bodies) expect(() => read(body, deal)).not.toThrow();
  expect(Object.hasOwn(Object.prototype, 'deal_id')).toBe(false);
});
