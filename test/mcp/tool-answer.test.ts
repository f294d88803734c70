import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/mcp/tool-result.ts';
import { toResult } from '../../src/mcp/tool-result.ts';
import { schema } from '../../src/server/schema.ts';

/** What an agent is given for an answer of the server. */
function told(answer: Answer) {
  const { content, isError = false, structuredContent } = toResult(answer, schema);
  expect(structuredContent).toBeUndefined();
  const [text] = content;
  if (text?.type !== 'text') throw new Error('text is wanted');
  return { text: text.text, json: JSON.parse(text.text) as unknown, isError };
}

describe('a tool result', () => {
  test('is one small object without nulls, and keeps nulls within lists', () => {
    expect(told({ data: { nodes: [null, { name: 'Ada', email: null, tags: [] }], deal: null } }).text).toBe(
      '{"data":{"nodes":[null,{"name":"Ada","tags":[]}]}}',
    );
  });

  test('shows the calls spent and left', () => {
    const cost = {
      requestedQueryCost: 9,
      actualQueryCost: 2,
      throttleStatus: { currentlyAvailable: 998 },
      windows: [],
    };
    expect(told({ data: {}, extensions: { cost } }).json).toEqual({ data: {}, cost: { calls: 2, left: 998 } });
  });

  test('keeps the nulls of a preview, which show what would be cleared', () => {
    const preview = { calls: 1, writes: [{ changes: [{ field: 'amount', from: '1.0', to: null }] }] };
    expect(told({ data: null, extensions: { preview } })).toMatchObject({ json: { preview }, isError: false });
  });

  test('has one line in the plan for each kind of call', () => {
    const call = {
      order: 1,
      per: 'operation',
      method: 'GET',
      include: [],
      fields: ['deals'],
      when: null,
      cached: false,
    };
    const plan = {
      ...{ allowed: true, lowerBound: 2, upperBound: null, fallbacks: [call] },
      calls: [
        { ...call, path: '/deals/filters', atMost: 1, certain: true, cached: true },
        { ...call, path: '/deals/view/{id}', include: ['owner', 'contacts'], atMost: 3, certain: true },
        { ...call, path: '/contacts/{id}', atMost: 625, certain: false, when: 'only for rows that lack tags' },
        { ...call, path: '/search', atMost: null, certain: false },
      ],
    };
    expect(told({ data: null, extensions: { plan } }).json).toEqual({
      plan: {
        allowed: true,
        lowerBound: 2,
        calls: [
          '1 × GET /deals/filters for deals, known already',
          '3 × GET /deals/view/{id}?include=owner,contacts for deals',
          'up to 625 × GET /contacts/{id} for deals, only for rows that lack tags',
          'any number of GET /search for deals',
        ],
      },
    });
  });
});

test('says the next step once', () => {
  const unknown = (name: string) => ({
    message: `Field "${name}" is not defined by type "DealIdentifier".`,
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
  expect(told({ errors: [unknown('a'), unknown('b')] }).text.split('input DealIdentifier')).toHaveLength(2);
});

test('keeps the record of an error, and what an agent needs to go on', () => {
  const extensions = { code: 'RATE_LIMITED', record: 'gid://freshsales/Deal/1', retryAfter: 5, stack: 'x' };
  const { json } = told({ data: { deals: [null] }, errors: [{ message: 'No.', path: ['deals', 0], extensions }] });
  expect(json).toMatchObject({
    errors: [{ code: 'RATE_LIMITED', at: 'deals.0', record: 'gid://freshsales/Deal/1', retryAfter: 5 }],
  });
  expect(JSON.stringify(json)).not.toContain('stack');
  const old = { code: 'BAD_USER_INPUT', syncFrom: '2026-01-01T00:00:00.000Z' };
  expect(told({ errors: [{ message: 'Old.', extensions: old }] }).json).toMatchObject({ errors: [old] });
});

describe('the next step', () => {
  const next = (code: string, more: Record<string, unknown> = {}, message = 'No.') =>
    told({ data: null, errors: [{ message, extensions: { code, ...more } }] });

  test('for a confirmation, is to send the token', () => {
    const preview = { writes: [] };
    expect(next('CONFIRMATION_REQUIRED', { confirmationToken: 'abc', preview })).toMatchObject({
      isError: true,
      json: {
        errors: [{ confirmationToken: 'abc', preview, next: expect.stringContaining('call again with the same') }],
      },
    });
  });

  test.each([
    ['FORBIDDEN', {}, /trying another way will not help/],
    ['RATE_LIMITED', { retryAfter: 60 }, /^Wait 60 seconds, until /],
    ['RATE_LIMITED', {}, /^Wait before calling again/],
    ['COST_LIMIT_EXCEEDED', { plan: { calls: [] } }, /plan tells the cost/],
    ['UNAUTHENTICATED', {}, /correct the token or key/],
    ['UPSTREAM_TIMEOUT', { outcome: 'UNKNOWN' }, /^Read the record before/],
    ['UPSTREAM_ERROR', {}, /^Try again once/],
  ])('%s %j', (code, more, text) => {
    const { json } = next(code, more);
    expect(json).toMatchObject({ errors: [{ code, next: expect.stringMatching(text) }] });
    expect(JSON.stringify(json)).not.toContain('"plan"');
  });

  test.each([
    ['Cannot query field "nme" on type "DealStage".', /^DealStage has: .*\bname\b/],
    ['Unknown argument "x" on field "Query.deal".', /^It is deal\(id: ID!\): Deal$/],
    ['Field "x" is not defined by type "DealIdentifier".', /^input DealIdentifier \{/],
    ['Value "X" does not exist in "LookupField" enum.', /^enum LookupField \{/],
    ['Field "CreateDealInput.amount" of required type "Decimal!" was not provided.', /^input CreateDealInput \{/],
    ['Field "deal" argument "id" of type "ID!" is required, but it was not provided.', undefined],
    ['Cannot query field "x" on type "Nothing".', undefined],
  ])('%s', (message, text) => {
    const { json } = next('GRAPHQL_VALIDATION_FAILED', {}, message);
    const wanted = text ? { next: expect.stringMatching(text) } : {};
    expect(json).toEqual({ errors: [{ code: 'GRAPHQL_VALIDATION_FAILED', message, ...wanted }] });
  });
});
