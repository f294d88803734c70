import { expect, test } from 'vitest';
import { positionOf, toCursor } from '../../src/records/cursor.ts';
import fc from '../property.ts';

const position = fc.nat(999_999_999);

test('a cursor gives its position back', () => {
  fc.assert(
    fc.property(fc.string(), position, (list, at) => {
      expect(positionOf(toCursor(list, at), list)).toBe(at);
    }),
  );
});

test('a cursor of another list is refused', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), position, (one, other, at) => {
      fc.pre(one !== other);
      expect(() => positionOf(toCursor(one, at), other)).toThrow(/is not valid for this list/);
    }),
  );
});

test('a cursor that was altered anywhere is refused', () => {
  fc.assert(
    fc.property(position, fc.nat(60), fc.constantFrom(...'aB3-_.='), (at, index, character) => {
      const cursor = toCursor('list', at);
      const altered = `${cursor.slice(0, index)}${character}${cursor.slice(index + 1)}`;
      fc.pre(altered !== cursor);
      expect(() => positionOf(altered, 'list')).toThrow(/is not valid for this list/);
    }),
  );
});

test('garbage is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => positionOf(text, 'list')).toThrow(/is not valid for this list/);
    }),
  );
});
