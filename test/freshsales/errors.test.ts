import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { messagesOf, toFreshsalesError } from '../../src/freshsales/errors.ts';

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

test.each(recorded)('%s is read as what it is', (_name, status, body) => {
  expect(toFreshsalesError(status, body, new Headers())).toMatchObject({ status, code: codes[status] });
});

test.each([
  [{ errors: { code: 400, message: ['one', 'two'] } }, ['one', 'two']],
  [{ errors: { message: 'plain' } }, ['plain']],
  [{ errors: [{ message: 'first' }, { message: 'second' }] }, ['first', 'second']],
  [{ message: 'top' }, ['top']],
  [{ description: 'described' }, ['described']],
  [{ error_code: 500 }, []],
  [null, []],
  ['text', ['text']],
])('the words of %j', (body, messages) => {
  expect(messagesOf(body)).toEqual(messages);
});

test('of a huge refusal a hundred sentences are kept, each up to a thousand characters', () => {
  const messages = messagesOf({ errors: Array.from({ length: 1000 }, (_, n) => `${n} ${'x'.repeat(10_000)}`) });
  expect(messages).toHaveLength(100);
  for (const message of messages) expect(message).toHaveLength(1001);
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
