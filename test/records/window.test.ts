import { expect, test } from 'vitest';
import { MAX_PER_PAGE } from '../../src/freshsales/reads.ts';
import { boundsOf, pagesOf, positionOf, sliceOf, toCursor } from '../../src/records/window.ts';
import fc from '../property.ts';

const range = fc
  .tuple(fc.nat(2000), fc.integer({ min: 1, max: 500 }))
  .map(([start, count]) => ({ start, end: start + count }));

test('the pages chosen hold every position asked for', () => {
  fc.assert(
    fc.property(range, ({ start, end }) => {
      const { perPage, pages } = pagesOf(start, end);
      const first = ((pages[0] ?? 1) - 1) * perPage;
      expect(first).toBeLessThanOrEqual(start);
      expect(first + pages.length * perPage).toBeGreaterThanOrEqual(end);
      expect(perPage).toBeLessThanOrEqual(MAX_PER_PAGE);
      expect(pages).toEqual(pages.map((_page, index) => (pages[0] ?? 1) + index));
    }),
  );
});

test('no other page size needs fewer pages', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: MAX_PER_PAGE }), ({ start, end }, other) => {
      const count = Math.floor((end - 1) / other) - Math.floor(start / other) + 1;
      expect(pagesOf(start, end).pages.length).toBeLessThanOrEqual(count);
    }),
  );
});

test.each([
  [0, 25, { perPage: 25, pages: [1] }],
  [25, 50, { perPage: 25, pages: [2] }],
  [0, 100, { perPage: 100, pages: [1] }],
  [0, 500, { perPage: 100, pages: [1, 2, 3, 4, 5] }],
])('positions %i to %i', (start, end, pages) => {
  expect(pagesOf(start, end)).toEqual(pages);
});

test('a slice agrees with slicing an array as Relay describes it', () => {
  const count = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(60), count, count, (length, first, last) => {
      const { start, end } = boundsOf(sliceOf({ first, last }, 'list'), length);
      const rows = Array.from({ length }, (_, index) => index);
      const head = rows.slice(0, first ?? (last === undefined ? 25 : undefined));
      expect(rows.slice(start, end)).toEqual(last === undefined ? head : head.slice(Math.max(0, head.length - last)));
    }),
  );
});

test.each([
  [{ first: -1 }, /“first” is -1/],
  [{ last: 501 }, /At most 500/],
])('%o is refused', (args, message) => {
  expect(() => sliceOf(args, 'list')).toThrow(message);
});

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
