import { expect, test } from 'vitest';
import { ORIGINAL_ENDPOINTS } from '../sandbox/endpoints.ts';
import { allCases } from './all-cases.ts';
import { openOffice } from './office.ts';

const reads = [
  'contact(id: 101) { email } contacts { totalCount } contactViews { name }',
  'salesAccount(id: 501) { name } salesAccounts { totalCount }',
  'deal(id: 301) { name } deals { totalCount } dealViews { name }',
  'tasks { totalCount } appointments { totalCount } salesActivity(id: 901) { title } product(id: 701) { name }',
  'search(query: "ada") { name } lookup(field: EMAIL, value: "ada@acme.example", types: [CONTACT]) { __typename }',
];
const operations = [
  ...reads.map((fields) => ['suite', `{ ${fields} }`] as const),
  ...allCases.map(
    ({ product = 'suite', mutation, args }) => [product, `mutation { ${mutation}(${args}) { __typename } }`] as const,
  ),
  ['classic', '{ lead(id: 201) { email } }'] as const,
];

test('reaches each of the 44 endpoints through GraphQL', async () => {
  const lines: string[] = [];
  for (const [product, operation] of operations) {
    const { errors, requests } = await openOffice({ product }).ask(operation);
    expect({ operation, errors }).toEqual({ operation, errors: undefined });
    lines.push(...requests);
  }
  const missed = ORIGINAL_ENDPOINTS.filter((endpoint) => {
    const pattern = new RegExp(`^${endpoint.replace('{id}', '\\d+')}(\\?.*)?$`);
    return !lines.some((line) => pattern.test(line));
  });
  expect(missed).toEqual([]);
});
