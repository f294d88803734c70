import { expect, test } from 'vitest';
import { MAX_PER_PAGE } from '../../src/freshsales/reads.ts';
import { type Cursor, readCursor, toCursor } from '../../src/records/cursor.ts';
import { boundsOf, pagesOf, sliceOf } from '../../src/records/window.ts';
import fc from '../property.ts';

const range = fc
  .tuple(fc.nat(2000), fc.integer({ min: 1, max: 500 }))
  .map(([start, count]) => ({ start, end: start + count }));

test('the pages of a slice hold every position, and each holds the last row of the one before', () => {
  fc.assert(
    fc.property(range, ({ start, end }) => {
      const pages = pagesOf(start, end).map(({ page, perPage }) => ({
        from: (page - 1) * perPage,
        to: page * perPage,
      }));
      expect(pages[0]?.from).toBeLessThanOrEqual(start);
      expect(pages.at(-1)?.to).toBeGreaterThanOrEqual(end);
      for (const [index, { from, to }] of pages.entries()) {
        expect(to - from).toBeLessThanOrEqual(MAX_PER_PAGE);
        const before = pages[index - 1];
        if (before) expect(from).toBeLessThan(before.to);
      }
    }),
  );
});

test.each([1, 2, 3, 4, 5, 25])('pages of at most %i rows hold every position too', (most) => {
  for (let end = 1; end <= 130; end += 1) {
    const held = new Set(
      pagesOf(0, end, most).flatMap(({ page, perPage }) =>
        Array.from({ length: perPage }, (_, index) => (page - 1) * perPage + index),
      ),
    );
    expect([...Array(end).keys()].filter((position) => !held.has(position))).toEqual([]);
  }
});

test('overlapping pages are at most one more than pages without overlap', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: MAX_PER_PAGE }), ({ start, end }, other) => {
      const count = Math.floor((end - 1) / other) - Math.floor(start / other) + 1;
      expect(pagesOf(start, end).length).toBeLessThanOrEqual(count + 1);
    }),
  );
});

test('a page of up to 50 rows and the row before it fit on one page', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (anchor, count) => {
      expect(pagesOf(anchor, anchor + 1 + Math.min(count, anchor === 50 ? 49 : 50))).toHaveLength(1);
    }),
  );
});

test.each([
  [0, 25, ['1 of 25']],
  [25, 50, ['2 of 25']],
  [0, 100, ['1 of 100']],
  [0, 250, ['1 of 100', '2 of 99', '3 of 98']],
  [0, 500, ['1 of 100', '2 of 99', '3 of 98', '4 of 97', '5 of 96', '6 of 95']],
])('positions %i to %i', (start, end, pages) => {
  expect(pagesOf(start, end).map(({ page, perPage }) => `${page} of ${perPage}`)).toEqual(pages);
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

const mark = fc.nat(2 ** 32 - 1);
const value = fc.oneof(fc.integer(), fc.constantFrom(1_795_000_000_000, 0.5, -12.25));
const cursor: fc.Arbitrary<Cursor> = fc.record({
  position: fc.nat(999_999_999),
  upTo: fc.array(mark, { maxLength: 10 }),
  following: fc.array(mark, { maxLength: 6 }),
  value: fc.option(value, { nil: undefined }),
  behind: fc.option(fc.nat(999_999_999), { nil: undefined }),
  top: fc.option(fc.record({ marks: fc.array(mark, { maxLength: 4 }), value }), { nil: undefined }),
});

test('a cursor gives back what it was made of, and is short', () => {
  fc.assert(
    fc.property(fc.string(), cursor, (list, at) => {
      const text = toCursor(list, at);
      expect(readCursor(text, list)).toEqual(at);
      expect(text.length).toBeLessThan(300);
    }),
  );
});

test('a cursor of another list is refused', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), cursor, (one, other, at) => {
      fc.pre(one !== other);
      expect(() => readCursor(toCursor(one, at), other)).toThrow(/is not valid for this list/);
    }),
  );
});

test('a cursor that was altered anywhere is refused', () => {
  fc.assert(
    fc.property(cursor, fc.nat(250), fc.constantFrom(...'aB3-_.='), (at, index, character) => {
      const text = toCursor('list', at);
      const altered = `${text.slice(0, index)}${character}${text.slice(index + 1)}`;
      fc.pre(altered !== text);
      expect(() => readCursor(altered, 'list')).toThrow(/is not valid for this list/);
    }),
  );
});

test.each([
  ['text', 'garbage'],
  ['a position alone', Buffer.from('24.abcdefghijklmnop').toString('base64url')],
  ['a very long text', 'A'.repeat(1_000_000)],
])('%s is no cursor', (_name, text) => {
  expect(() => readCursor(text, 'list')).toThrow(/is not valid for this list/);
});

test('garbage is refused', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => readCursor(text, 'list')).toThrow(/is not valid for this list/);
    }),
  );
});
