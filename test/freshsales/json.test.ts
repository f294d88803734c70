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

test('what is safe is parsed as JSON.parse parses it', () => {
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
