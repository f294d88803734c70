import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readRateHeaders, reasonsOf, toFreshsalesError, waitAfter } from '../../src/freshsales/errors.ts';

const fixtures = new URL('../fixtures/', import.meta.url);
const recorded = readdirSync(fixtures)
  .filter((name) => /^error\.\d{3}/.test(name) && !name.includes('validation_texts'))
  .map(
    (name) =>
      [name, Number(name.slice(6, 9)), JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as unknown] as const,
  );

const codes: Record<number, string> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  422: 'BAD_USER_INPUT',
  429: 'RATE_LIMITED',
  500: 'UPSTREAM_ERROR',
};

test.each(recorded)('classifies %s', (_name, status, body) => {
  expect(toFreshsalesError(status, body, new Headers())).toMatchObject({ status, code: codes[status] });
});

const said = (message: string, column?: string, code?: string) => ({
  message,
  ...(column !== undefined && { column }),
  ...(code !== undefined && { code }),
});

test.each([
  [{ errors: { code: 400, message: ['one', 'two'] } }, [said('one'), said('two')]],
  [{ errors: { message: 'plain' } }, [said('plain')]],
  [{ errors: [{ message: 'first' }, { message: 'second' }] }, [said('first'), said('second')]],
  [{ errors: ['one', 'two'] }, [said('one'), said('two')]],
  [{ errors: 'one' }, [said('one')]],
  [{ error: 'one' }, [said('one')]],
  [{ error: { message: 'one' } }, [said('one')]],
  [{ status: 406, error: 'Not Acceptable' }, [said('Not Acceptable')]],
  [{ error: 'invalid_request', error_description: 'The name is missing.' }, [said('The name is missing.')]],
  [{ message: 'top' }, [said('top')]],
  [{ message: ['one', 'two'] }, [said('one'), said('two')]],
  [{ success: false, message: 'top' }, [said('top')]],
  [{ description: 'described' }, [said('described')]],
  [{ errors: { email: ['is invalid'] } }, [said('is invalid', 'email')]],
  [{ errors: { email: 'is invalid' } }, [said('is invalid', 'email')]],
  [{ errors: { email: ['is invalid', 'is too long'] } }, [said('is invalid', 'email'), said('is too long', 'email')]],
  [{ errors: { description: ["can't be blank"] } }, [said("can't be blank", 'description')]],
  [{ errors: { base: ['Too many contacts'] } }, [said('Too many contacts')]],
  [{ errors: { custom_field: { cf_seats: ['is not a number'] } } }, [said('is not a number', 'custom_field.cf_seats')]],
  [{ email: ['is invalid'] }, [said('is invalid', 'email')]],
  [{ errors: [{ email: ['is invalid'] }] }, [said('is invalid', 'email')]],
  [{ errors: [{ field: 'email', message: 'is invalid' }] }, [said('is invalid', 'email')]],
  [
    { errors: [{ attribute: 'email', message: 'x', code: 'duplicate_value' }] },
    [said('x', 'email', 'duplicate_value')],
  ],
  [{ description: 'Failed', errors: [{ field: 'name', message: 'is taken' }] }, [said('is taken', 'name')]],
  [
    [{ message: 'one' }, { error: 'two' }],
    [said('one'), said('two')],
  ],
  [{ error_code: 500 }, []],
  [{ errors: { code: 400, message: [1, null, {}] } }, []],
  [{ errors: {} }, []],
  [{}, []],
  [null, []],
  [' ', []],
  ['text', [said('text')]],
])('reads the reasons in %j', (body, reasons) => {
  expect(reasonsOf(body)).toEqual(reasons);
});

test('keeps a hundred sentences of a huge refusal, each up to a thousand characters', () => {
  const reasons = reasonsOf({ errors: Array.from({ length: 1000 }, (_, n) => `${n} ${'x'.repeat(10_000)}`) });
  expect(reasons).toHaveLength(100);
  for (const { message } of reasons) expect(message).toHaveLength(1001);
});

test.each([400, 402, 406, 409, 413, 415, 422, 451])('a %i that explains itself is a refusal', (status) => {
  const error = toFreshsalesError(status, { message: 'Not so.' }, new Headers());
  expect(error).toMatchObject({ code: 'BAD_USER_INPUT', message: 'Freshsales refused the request: Not so.' });
});

test.each([402, 406, 413, 415])('a %i without a reason is an error of Freshsales', (status) => {
  expect(toFreshsalesError(status, undefined, new Headers()).code).toBe('UPSTREAM_ERROR');
});

test('a 403 keeps its sentence', () => {
  const error = toFreshsalesError(403, { errors: { code: 403, message: ['U bent niet bevoegd.'] } }, new Headers());
  expect(error).toMatchObject({
    code: 'FORBIDDEN',
    message: 'Freshsales does not allow this to the user of the API key: U bent niet bevoegd.',
  });
});

test('a 429 says how long to wait, by its header or a minute', () => {
  expect(toFreshsalesError(429, null, new Headers({ 'retry-after': '7' })).retryAfter).toBe(7);
  expect(toFreshsalesError(429, null, new Headers()).retryAfter).toBe(60);
});

test('a 429 that comes inside a 400 is a 429', () => {
  const body = {
    errors: { message: ['UCR contact fetch failure :: response_code :: 429 :: response :: Too many requests'] },
  };
  expect(toFreshsalesError(400, body, new Headers()).code).toBe('RATE_LIMITED');
});

test('a 404 that is no JSON is a wrong address, not a missing record', () => {
  expect(toFreshsalesError(404, undefined, new Headers()).code).toBe('UPSTREAM_ERROR');
});

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
