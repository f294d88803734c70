/** Documents that try to cost more than they are worth, and those that only look like it. Every walker and entrance is held to both. */

const join = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const wrap = (depth: number, open: string, inner: string, close: string): string =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

/** Fragments that each spread the next so many times. */
const multiplying = (levels: number, times: number, end = 'rateLimit { limit }'): string =>
  `{ ...F0 } ${join(levels, (index) => `fragment F${index} on Query { ${`...F${index + 1} `.repeat(times)}}`)} fragment F${levels} on Query { ${end} }`;

export const hostileDocuments: Readonly<Record<string, string>> = {
  'fragments that spread the next three times, 673 bytes': `{...a}${join(16, (index) => `fragment ${String.fromCharCode(97 + index)} on Query{${`...${String.fromCharCode(98 + index)} `.repeat(3)}}`)} fragment q on Query{rateLimit{limit}}`,
  'fragments that spread the next three times, 1.2 KB': multiplying(30, 3),
  'fragments that multiply more often than numbers count': multiplying(300, 4),
  'fragments that multiply in a mutation': `mutation { ...F0 } ${join(30, (index) => `fragment F${index} on Mutation { ${`...F${index + 1} `.repeat(3)}}`)} fragment F30 on Mutation { deleteContact(id: "1") { deletedId } }`,
  'fragments that multiply and are not used': `{ rateLimit { limit } } ${multiplying(30, 3).slice('{ ...F0 } '.length)}`,
  'fragments that multiply in inline fragments': `{ ...F0 } ${join(25, (index) => `fragment F${index} on Query { ... on Query { ...F${index + 1} } ... { ...F${index + 1} } }`)} fragment F25 on Query { rateLimit { limit } }`,
  'fragments that multiply through relations': `{ contacts(first: 1) { nodes { ...F0 } } } ${join(14, (index) => `fragment F${index} on Contact { a${index}: owner { id } ... on Node { ...F${index + 1} } ...F${index + 1} }`)} fragment F14 on Contact { id }`,
  'fragments that multiply in introspection': `{ __schema { types { ...F0 } } } ${join(30, (index) => `fragment F${index} on __Type { ofType { ...F${index + 1} ...F${index + 1} } }`)} fragment F30 on __Type { name }`,
  'many operations that spread one large fragment': `${join(300, (index) => `query Q${index} { ...F }`)} fragment F on Query { ${join(40, (_index) => `rateLimit { limit }`)} }`,
  'a fragment that spreads itself': 'query{...A} fragment A on Query{...A}',
  'fragments in a ring': '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
  'a ring that is not used': '{ rateLimit { limit } } fragment A on Query { ...B } fragment B on Query { ...A }',
  'a ring in a mutation': 'mutation { ...A } fragment A on Mutation { ...B } fragment B on Mutation { ...A }',
  'a ring of hundreds': `{ ...F0 } ${join(400, (index) => `fragment F${index} on Query { ...F${(index + 1) % 400} }`)}`,
  'a ring through fields':
    '{ contacts { nodes { ...A } } } fragment A on Contact { owner { id } primarySalesAccount { contacts { nodes { ...A } } } }',
  'a chain of hundreds of fragments': `{ ...F0 } ${join(500, (index) => `fragment F${index} on Query { ...F${index + 1} }`)} fragment F500 on Query { rateLimit { limit } }`,
  'an unknown fragment': '{ ...Nowhere }',
  'two fragments of one name':
    '{ ...A } fragment A on Query { rateLimit { limit } } fragment A on Query { __typename }',
  'hundreds of unused fragments': `{ rateLimit { limit } } ${join(500, (index) => `fragment F${index} on Query { __typename }`)}`,
  'a hundred levels': `{ deals ${wrap(50, '{ nodes { contacts ', '{ totalCount }', ' } }')} }`,
  'a thousand levels': `{ contact(id: "1") ${wrap(1000, '{ owner ', '{ id }', '}')} }`,
  'a thousand levels of inline fragments': `{ ${wrap(1000, '... {', '__typename', '}')} }`,
  'an unclosed document': '{'.repeat(4000),
  'unclosed selections': '{a'.repeat(100_000),
  'a thousand aliases': `{ ${join(1000, (index) => `a${index}: rateLimit { limit }`)} }`,
  'a thousand directives': `{ rateLimit ${'@include(if: true) '.repeat(600)}{ limit } }`,
  'a thousand directives of an operation': `query ${'@x '.repeat(1500)}{ rateLimit { limit } }`,
  'a thousand variables': `query(${join(1000, (index) => `$v${index}: Int`)}) { rateLimit { limit } }`,
  'a thousand operations': join(600, (index) => `query Q${index} { nothing }`),
  'thousands of unknown fields': `{ ${join(4900, (index) => `x${index}`)} }`,
  'thousands of the same field': `{ rateLimit { ${'limit '.repeat(4900)} } }`,
  'hundreds of the same field with arguments': `{ ${'node(id: "1") { id } '.repeat(500)} }`,
  'hundreds of the same field with long arguments': `{ ${`node(id: "${'x'.repeat(1000)}") { id } `.repeat(300)} }`,
  'the same fields inside each other': `{ contact(id: "1") { ${Array.from({ length: 9 }).reduce((inner) => `owner { ${inner} } owner { ${inner} }`, 'id')} } }`,
  'a hundred thousand tokens': `{ rateLimit { ${'limit '.repeat(100_000)} } }`,
  'a deep list': `{ nodes(ids: ${wrap(2000, '[', '"1"', ']')}) { id } }`,
  'a very deep list': `{ nodes(ids: ${wrap(100_000, '[', '"1"', ']')}) { id } }`,
  'lists inside each other': `{ nodes(ids: ${wrap(5, '[', '"1"', ']')}) { id } }`,
  'a deep object': `{ filterDeals(where: ${wrap(1000, '{a: ', '1', '}')}) { totalCount } }`,
  'a deep custom field': `mutation { createContact(input: { lastName: "x", customFields: ${wrap(1000, '{a: ', '1', '}')} }) { contact { id } } }`,
  'a deep type': `query($v: ${wrap(1000, '[', 'Int', ']')}) { rateLimit { limit } }`,
  'a very deep type': `query($v: ${wrap(100_000, '[', 'Int', ']')}) { rateLimit { limit } }`,
  'a deep default value': `query($v: Int = ${wrap(1000, '[', '1', ']')}) { rateLimit { limit } }`,
  'a prototype as a key': `mutation { createContact(input: { lastName: "x", customFields: { __proto__: { isAdmin: true } } }) { contact { id } } }`,
  'introspection without end': `{ __schema { types { fields ${wrap(60, '{ type { fields ', '{ name }', ' } }')} } } }`,
  'introspection that multiplies':
    '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
  'introspection, fifty times': `{ ${join(50, (index) => `a${index}: __schema { types { name fields { name args { name type { name } } type { name } } } }`)} }`,
  'comments without end': `{ ${'# nothing\n'.repeat(1000)} nothing }`,
  nothing: '',
};

/** Documents that are large, and allowed: their expansion is what somebody may want. */
export const largeDocuments: Readonly<Record<string, string>> = {
  'ten levels of connections': `{ salesAccounts(first: 1) { edges { node { deals(first: 1) { edges { node { contacts(first: 1) { edges { node {
    primarySalesAccount { owner { displayName } } } } } } } } } } } }`,
  'ten levels, each in a fragment': `{ ...Q } fragment Q on Query { salesAccounts(first: 1) { ...A } }
    fragment A on SalesAccountConnection { edges { node { ...B } } } fragment B on SalesAccount { deals(first: 1) { ...C } }
    fragment C on DealConnection { edges { ...D } } fragment D on DealEdge { node { ...E } }
    fragment E on Deal { contacts(first: 1) { nodes { ...F } } } fragment F on Contact { owner { ...G } } fragment G on User { displayName }`,
  'fifty records by alias': `{ ${join(50, (index) => `c${index}: contact(id: "${index + 1}") { ...C }`)} }
    fragment C on Contact { id displayName jobTitle city }`,
  'one fragment in eighty others': `{ contacts(first: 1) { nodes { ${join(80, (index) => `...F${index}`)} } } }
    ${join(80, (index) => `fragment F${index} on Contact { ...Base }`)} fragment Base on Contact { id displayName }`,
  'eighty fragments that each select the id': `{ contacts(first: 1) { nodes { ${join(80, (index) => `...F${index}`)} } } }
    ${join(80, (index) => `fragment F${index} on Contact { id databaseId owner { id displayName } }`)}`,
  'fragments that multiply to two thousand fields': multiplying(10, 2),
  'fifty ids': `{ nodes(ids: [${join(50, (index) => `"gid://freshsales/Contact/${index + 1}"`)}]) { id } }`,
  'forty operations that share a fragment': `${join(40, (index) => `query Q${index} { rateLimit { ...R } }`)} fragment R on RateLimit { limit }`,
};

/** Answers that hostile documents get, wherever they are sent. */
export const REFUSALS: readonly unknown[] = [
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
];
