import { expect, test } from 'vitest';
import { readRateHeaders, waitAfter } from '../../src/freshsales/rate-headers.ts';

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

test.each([
  ['10000000', '10', { limit: 10_000_000, used: 9_999_990, resetAt: undefined }],
  ['10000001', '10', undefined],
  [`1${'0'.repeat(23)}`, '10', undefined],
  ['1'.repeat(400), '10', undefined],
  ['1000', '1'.repeat(400), { limit: 1000, used: 0, resetAt: undefined }],
  ['0', '0', undefined],
  ['1e3', '1', undefined],
])('a limit of %s, of which %s are left', (limit, remaining, news) => {
  const headers = new Headers({ 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining });
  expect(readRateHeaders(headers, NOON)).toEqual(news);
});
