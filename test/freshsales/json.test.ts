import { expect, test } from 'vitest';
import { parseJson } from '../../src/freshsales/json.ts';
import fc from '../property.ts';

test('no digit of a large integer is lost', () => {
  expect(parseJson('{"mcr_id":1656220499163897856,"id":31016358306}')).toEqual({
    mcr_id: '1656220499163897856',
    id: 31016358306,
  });
});

test.each([
  ['{"amount":9007199254740993.25}', { amount: '9007199254740993.25' }],
  ['{"amount":5600.0,"other":12345678901234567890}', { amount: 5600, other: '12345678901234567890' }],
  ['{"phone":"+4912345678901234567"}', { phone: '+4912345678901234567' }],
  ['{"small":1e3,"large":1234567890123456}', { small: 1000, large: 1234567890123456 }],
])('%s', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test('parses safe text like JSON.parse', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      fc.pre(!/\d{16}/.test(text));
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each(['<html></html>', '{"id":', ''])('%j is no JSON', (text) => {
  expect(parseJson(text)).toBeUndefined();
});

test.each([
  ['lists', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
  ['objects', `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`],
  ['lists beside large numbers', `${'['.repeat(200_000)}1656220499163897856${']'.repeat(200_000)}`],
])('%s in one another are no answer', (_what, text) => {
  expect(parseJson(text)).toBeUndefined();
});

test('brackets in texts nest nothing', () => {
  const text = `${'[{'.repeat(1000)}\\"${'['.repeat(1000)}\\\\`;
  const value = { a: text, 'b[{"': [[], {}, text] };
  expect(parseJson(JSON.stringify(value))).toEqual(value);
});

test.each([
  ['zeros in the middle of a number', `{"a":1.${'0'.repeat(1_000_000)}1,"b":1234567890123456}`],
  ['a long number', `{"a":${'1'.repeat(2_000_000)}}`],
  ['a text of quotes', `{"a":1234567890123456,"b":"${'\\"'.repeat(1_000_000)}"}`],
  ['many large numbers', `[${'1234567890123456789.50,'.repeat(100_000)}1]`],
  ['many keys', `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1234567890123456789`).join(',')}}`],
])('%s is read in linear time', (_what, text) => {
  expect(parseJson(text)).toBeDefined();
});

test.each([
  ['one object', `{${Array.from({ length: 500_001 }, (_, n) => `"k${n}":1`).join(',')}}`],
  ['many objects', `[${'{"a":1,"b":2},'.repeat(250_001)}{}]`],
])('more keys than any answer has, in %s, are not parsed', (_what, text) => {
  expect(parseJson(text)).toBeUndefined();
});

test('a number inside a string, a key and its neighbours stay as they are', () => {
  const text =
    '{"1234567890123456789":"\\"9234567890123456789","a":[-12345678901234567890,1,true,12345678901234567.5]}';
  expect(parseJson(text)).toEqual({
    '1234567890123456789': '"9234567890123456789',
    a: ['-12345678901234567890', 1, true, '12345678901234567.5'],
  });
});

test.each(['01234567890123456789', '[1234567890123456789x]', '[1234567890123456789-]', '["a" 1234567890123456789]'])(
  '%s is no JSON, however exact its numbers are read',
  (text) => {
    expect(parseJson(text)).toBeUndefined();
  },
);

test('a text with more parts than any answer has is refused before it takes memory', () => {
  const empty = (count: number) => `[${Array(count).fill('{}').join()}]`;
  expect(parseJson(empty(1_100_000))).toBeUndefined();
  expect(parseJson(empty(900_000))).toHaveLength(900_000);
});
