import { buildSchema, GraphQLEnumType, isEnumType, isObjectType, printSchema, validateSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../src/freshsales/answer.ts';
import { registry } from '../../src/resources/index.ts';
import { customFieldsOf } from '../../src/schema/custom-fields/custom-field.ts';
import { typedSchema } from '../../src/schema/custom-fields/typed-schema.ts';
import { schema as base, printSdl } from '../../src/server/schema.ts';

type Given = Readonly<Record<string, unknown>>;

const rowsOf = (fields: readonly Given[]): Row[] => fields.map((field, index) => ({ id: String(index + 1), ...field }));

const typed = (fields: readonly Given[], path = 'contacts') =>
  typedSchema(base, { [path]: rowsOf(fields) }, { registry, product: 'suite' });

const namesOf = (...wireNames: string[]) =>
  customFieldsOf(rowsOf(wireNames.map((name) => ({ name, type: 'text' }))), { registry, product: 'suite' }).map(
    ({ name }) => name,
  );

const typesOf = (fields: readonly Given[]): Record<string, string> => {
  const type = typed(fields).getType('ContactCustomFields');
  return isObjectType(type)
    ? Object.fromEntries(Object.values(type.getFields()).map((field) => [field.name, String(field.type)]))
    : {};
};

describe('names', () => {
  test.each([
    ['cf_renewal_date', 'renewalDate'],
    ['cf_tier', 'tier'],
    ['cf_term_2', 'term2'],
    ['cf_VIP', 'vIP'],
    ['cf_id', 'cfId'],
    ['cf_2nd_contact', 'cf2ndContact'],
    ['cf_bdr_stage_-_contact', 'cfBdrStage_Contact'],
    ['cf_größe', 'cfGr__e'],
    ['cf_🔥', 'cf_'],
    ['cf_', 'cf'],
    ['cf___typename', 'typename'],
    ['cf_constructor', 'cfConstructor'],
    ['cf_to_string', 'cfToString'],
    ['cf___proto__', 'proto'],
  ])('%s is %s', (wireName, name) => {
    expect(namesOf(wireName)).toEqual([name]);
  });

  test('keep the prefix, and then get a number, in the order of the ids', () => {
    expect(namesOf('cf_a_b', 'cf_aB', 'cf_a__b', 'cf_cf_a_b')).toEqual(['aB', 'cfAB', 'cfAB2', 'cfCfAB']);
    const rows = [
      { id: '31000000010', name: 'cf_a_b' },
      { id: '9', name: 'cf_aB' },
    ];
    expect(customFieldsOf(rows, { registry, product: 'suite' }).map(({ name, wireName }) => [wireName, name])).toEqual([
      ['cf_aB', 'aB'],
      ['cf_a_b', 'cfAB'],
    ]);
  });

  test('count a field that is listed twice once, and built-in fields not at all', () => {
    expect(namesOf('cf_tier', 'first_name', 'cf_tier')).toEqual(['tier']);
  });

  test('of enums are those of no other type', () => {
    const choices = ['A', 'B'];
    const schema = typed([
      { name: 'cf_fields', type: 'dropdown', choices },
      { name: 'cf_fields_input', type: 'dropdown', choices },
      { name: 'cf_contact', type: 'dropdown', choices },
    ]);
    expect(schema.getType('ContactCustomFields')).not.toBeInstanceOf(GraphQLEnumType);
    expect(isEnumType(schema.getType('ContactCustomFields2'))).toBe(true);
    expect(isEnumType(schema.getType('ContactCustomFieldsInput2'))).toBe(true);
    expect(isEnumType(schema.getType('ContactCustomContact'))).toBe(true);
  });

  test('of one type do not clash with those of another', () => {
    const tier = (choices: string[]) => rowsOf([{ name: 'cf_tier', type: 'dropdown', choices }]);
    const schema = typedSchema(
      base,
      { contacts: tier(['Gold']), deals: tier(['1st', '2nd']) },
      { registry, product: 'suite' },
    );
    expect(isEnumType(schema.getType('ContactCustomTier'))).toBe(true);
    expect(schema.getType('DealCustomTier')).toBeUndefined();
    expect(validateSchema(schema)).toEqual([]);
  });
});

describe('choices', () => {
  const valuesOf = (choices: unknown) => {
    const type = typed([{ name: 'cf_x', type: 'dropdown', choices }]).getType('ContactCustomX');
    return isEnumType(type) ? type.getValues().map(({ name, value }) => `${name}=${value}`) : undefined;
  };

  test.each([
    [
      ['Gold', 'Silver – old', 'Café', 'E-mail'],
      ['GOLD=Gold', 'SILVER_OLD=Silver – old', 'CAFE=Café', 'E_MAIL=E-mail'],
    ],
    [[{ id: 1, value: 'Yes', position: 1 }, { id: '2', value: 'Yes' }, null, {}], ['YES=Yes']],
    [
      ['true', 'false', 'null'],
      ['TRUE=true', 'FALSE=false', 'NULL=null'],
    ],
    [
      ['🔥 Hot', 'Cold'],
      ['HOT=🔥 Hot', 'COLD=Cold'],
    ],
  ])('%j make an enum', (choices, values) => {
    expect(valuesOf(choices)).toEqual(values);
  });

  test.each([
    [['A+', 'A-']],
    [['1-10', '11-50']],
    [['東京', '大阪']],
    [['A', 'a']],
    [['!', '?']],
    [[]],
    [null],
    ['A;B'],
    [{ a: 1 }],
    [[[], {}, 0.5, false]],
    [Array.from({ length: 10_000 }, (_, index) => `C${index}`)],
  ])('%# make no enum', (choices) => {
    expect(valuesOf(choices)).toBeUndefined();
    expect(typesOf([{ name: 'cf_x', type: 'dropdown', choices }])).toEqual({ x: 'String' });
  });
});

test('unknown kinds, shapes and targets are JSON or text', () => {
  const url = (word: string) => `/search/auto_suggest/${word}.json?&q=`;
  expect(
    typesOf([
      { name: 'cf_a', type: 'hologram' },
      { name: 'cf_b' },
      { name: 'cf_c', type: 7 },
      { name: 'cf_d', type: 'lookup' },
      { name: 'cf_e', type: 'lookup', auto_suggest_url: url('planets') },
      { name: 'cf_f', type: 'lookup', auto_suggest_url: url('sales_accounts_full_details') },
      { name: 'cf_g', type: 'auto_complete', auto_suggest_url: url('contacts'), multiple: true },
      { name: 'cf_h', type: 'lookup', auto_suggest_url: '/search?include=lead,contact&q=' },
      { name: 'cf_i', type: 'lookup', auto_suggest_url: '/search?include=deal&q=' },
      { name: 'cf_j', type: 'lookup', target_type: 'User' },
      { name: 'cf_k', type: 'DateTime' },
      { name: 'cf_l', type: 'Auto Number' },
      { name: 'constructor', type: 'text' },
      { name: 5, type: 'text' },
      { name: null },
    ]),
  ).toEqual({
    ...{ a: 'JSON', b: 'JSON', c: 'JSON', d: 'JSON', e: 'JSON', f: 'SalesAccount', g: 'JSON', h: 'JSON', i: 'Deal' },
    ...{ j: 'User', k: 'DateTime', l: 'String' },
  });
});

test('any label and help text makes a description that can be printed and parsed', () => {
  const texts = [
    '',
    '  ',
    '"""',
    '"',
    'a\nb\r\n\u2028c',
    '\u0000\u001b[31m',
    '\ud800',
    '👩‍👩‍👧',
    '\\"""',
    'x'.repeat(100_000),
    null,
    {},
    5,
  ];
  const schema = typed(
    texts.flatMap((text, index) => [
      { name: `cf_a${index}`, type: 'text', label: text, help_text: text },
      { name: `cf_b${index}`, type: 'dropdown', label: text, choices: [text, `${text}1`, 'Ok'] },
    ]),
  );
  const sdl = printSchema(schema);
  expect(printSchema(buildSchema(sdl))).toBe(sdl);
  expect(() => buildSchema(printSdl(schema))).not.toThrow();
  expect(sdl.length).toBeLessThan(printSchema(base).length + 30_000);
});

test('no list of fields breaks the schema', () => {
  const many = Array.from({ length: 2000 }, (_, index) => ({
    name: `cf_f_${index % 1500}`,
    type: ['text', 'dropdown', 'multi_select_dropdown', 'lookup', 'formula'][index % 5],
    choices: ['A', 'B'],
    auto_suggest_url: '/contacts.json',
  }));
  const lists = { contacts: rowsOf(many), deals: rowsOf(many), sales_accounts: [], sales_activities: rowsOf([{}]) };
  const schema = typedSchema(base, lists, { registry, product: 'suite' });
  expect(validateSchema(schema)).toEqual([]);
  expect(Object.keys(typesOf(many))).toHaveLength(1500);
  expect(schema.getType('SalesAccountCustomFields')).toBeUndefined();
});

test('no custom fields leave the schema as it is', () => {
  expect(typedSchema(base, {}, { registry, product: 'suite' })).toBe(base);
});

test('a type whose custom fields are all read only has no input', () => {
  const schema = typed([{ name: 'cf_n', type: 'auto_number' }]);
  expect(schema.getType('ContactCustomFieldsInput')).toBeUndefined();
  expect(printSchema(schema)).toContain('custom: ContactCustomFields\n');
});
