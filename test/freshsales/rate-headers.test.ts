import { expect, test } from 'vitest';
import { waitAfter } from '../../src/freshsales/rate-headers.ts';

const NOON = Date.parse('2026-05-10T12:00:00Z');

test.each([
  ['17', 17],
  ['1.5', 2],
  ['3600', 3600],
  ['Sun, 10 May 2026 12:00:30 GMT', 30],
  ['99999999999', 3600],
  ['9'.repeat(400), 3600],
  ['Sun, 10 May 2099 12:00:00 GMT', 3600],
  // What is no wait leaves the minute of those who say nothing.
  ['0', 60],
  ['-5', 60],
  ['0x7f', 60],
  ['1e308', 60],
  ['Infinity', 60],
  ['soon', 60],
  ['Sun, 10 May 2026 11:59:00 GMT', 60],
  ['Sun, 99 May 2026 11:59:00 GMT', 60],
])('retry-after: %s is a wait of %i seconds', (text, seconds) => {
  expect(waitAfter(new Headers({ 'retry-after': text }), NOON)).toBe(seconds);
});

test('a time to come back at is understood by the clock of Freshsales', () => {
  const headers = { 'retry-after': 'Sun, 10 May 2026 12:10:30 GMT', date: 'Sun, 10 May 2026 12:10:00 GMT' };
  expect(waitAfter(new Headers(headers), NOON)).toBe(30);
});
