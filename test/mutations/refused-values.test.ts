import { describe, expect, test } from 'vitest';
import { openOffice } from './office.ts';

test.each([
  [
    'a day that does not exist',
    'updateDeal(id: 301, input: { expectedCloseOn: "2026-02-30" }) { deal { id } }',
    /^expectedCloseOn is not a date\. Use YYYY-MM-DD, for example 2026-11-27\.$/,
  ],
  [
    'a time that does not exist',
    `createTask(input: { title: "x", dueAt: "2026-02-30T25:00:00Z", targetId: 1 }) { task { id } }`,
    /^dueAt must be a date and time with an offset, for example/,
  ],
  [
    'a time without an offset',
    `createTask(input: { title: "x", dueAt: "2026-02-03T10:00:00", targetId: 1 }) { task { id } }`,
    /2026-02-03T10:00:00/,
  ],
  [
    'money with letters',
    'updateDeal(id: 301, input: { amount: "12 EUR" }) { deal { id } }',
    /^amount is not a decimal\. Use .* "5600\.00"\.$/,
  ],
  [
    'money with two points',
    'updateDeal(id: 301, input: { amount: "1.2.3" }) { deal { id } }',
    /^amount is not a decimal\. Use .* "5600\.00"\.$/,
  ],
  [
    'a fraction of a per cent',
    'updateDeal(id: 301, input: { probability: 1.5 }) { deal { id } }',
    /Int cannot represent/,
  ],
  ['two identifiers', 'upsertContact(by: { id: 1, email: "a@b.c" }, input: {}) { created }', /exactly one/i],
  ['no identifier', 'upsertContact(by: {}, input: {}) { created }', /exactly one/i],
  ['null where something is needed', 'createDeal(input: { name: null, amount: 1 }) { deal { id } }', /String!/],
  ['a column that is not written', 'updateContact(id: 101, input: { leadScore: 5 }) { contact { id } }', /leadScore/],
  ['another kind of value', 'updateContact(id: 101, input: { city: 5 }) { contact { id } }', /String cannot represent/],
])('%s does not fit the schema, and is refused before a call', async (_what, mutation, message) => {
  const { sandbox, ask } = openOffice();
  const { data, errors } = await ask(`mutation { ${mutation} }`);
  expect(data).toBeNull();
  expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  expect(errors?.[0]?.message).toMatch(message);
  expect(errors?.[0]?.locations).toHaveLength(1);
  expect(sandbox.requests).toEqual([]);
});

test('refuses an invalid variable with its path in the input', async () => {
  const { sandbox, ask } = openOffice();
  const { errors } = await ask(
    'mutation ($input: UpdateDealInput!) { updateDeal(id: 301, input: $input) { deal { id } } }',
    { input: { amount: 'lots', expectedCloseOn: '27.11.2026' } },
  );
  expect(errors?.map(({ message }) => message)).toEqual([
    expect.stringMatching(/"input\.amount".*such as "5600\.00"/),
    expect.stringMatching(/"input\.expectedCloseOn".*Use YYYY-MM-DD/),
  ]);
  expect(sandbox.requests).toEqual([]);
});

test('refuses leads in the Suite before a call', async () => {
  const { sandbox, ask } = openOffice();
  for (const mutation of ['createLead(input: {})', 'convertLead(id: 201)', 'bulkDeleteLeads(ids: [201])']) {
    const { errors } = await ask(`mutation { ${mutation} { userErrors { code } } }`);
    expect(errors).toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'NOT_AVAILABLE', outcome: 'NOT_DONE' }) }),
    ]);
  }
  expect(sandbox.requests).toEqual([]);
});

describe('a stage of another pipeline', () => {
  const STAGES = 'GET /selector/deal_stages';

  test('is refused with the names of the existing stages', async () => {
    const { ask } = openOffice();
    const { data, requests } = await ask(
      'mutation { updateDeal(id: 301, input: { stageId: 711 }) { userErrors { field code message } } }',
    );
    const message = expect.stringMatching(/“Due” belongs to another pipeline.*New \(31000425871\), Follow-up/);
    expect(data).toEqual({
      updateDeal: { userErrors: [{ field: ['input', 'stageId'], code: 'INVALID', message }] },
    });
    expect(requests).toEqual([STAGES, 'GET /deals/301']);
  });

  test.each([
    ['cloneDeal(id: 301, input: { stageId: 711 })', [STAGES, 'GET /deals/301']],
    ['upsertDeal(by: { id: 301 }, input: { stageId: 711 })', [STAGES, 'GET /deals/301']],
    ['upsertDeal(by: { name: "Anything" }, input: { stageId: 31000425871, pipelineId: 71 })', [STAGES]],
  ])('is refused in a copy and an upsert, too: %s', async (mutation, requests) => {
    const { ask } = openOffice();
    expect(await ask(`mutation { done: ${mutation} { userErrors { field code } } }`)).toMatchObject({
      data: { done: { userErrors: [{ field: ['input', 'stageId'], code: 'INVALID' }] } },
      requests,
    });
  });

  test('is found without reading the deal if the pipeline is given', async () => {
    const { ask } = openOffice();
    const { data, requests } = await ask(
      'mutation { updateDeal(id: 302, input: { stageId: 31000425871, pipelineId: 71 }) { userErrors { field } } }',
    );
    expect(data).toEqual({ updateDeal: { userErrors: [{ field: ['input', 'stageId'] }] } });
    expect(requests).toEqual([STAGES]);
  });

  test('is allowed along with its pipeline', async () => {
    const { ask } = openOffice();
    const { data, requests } = await ask(
      'mutation { updateDeal(id: 301, input: { stageId: 711, pipelineId: 71 }) { deal { stage { name } } userErrors { field } } }',
    );
    expect(data).toEqual({ updateDeal: { deal: { stage: { name: 'Due' } }, userErrors: [] } });
    expect(requests).toEqual([STAGES, 'PUT /deals/301?include=deal_stage']);
  });
});

describe('a stage that is not in the list of stages', () => {
  const STAGES = 'GET /selector/deal_stages';

  test.each([
    'createDeal(input: { name: "x", amount: 1, stageId: 999, pipelineId: 71 })',
    'updateDeal(id: 301, input: { stageId: 999 })',
    'cloneDeal(id: 301, input: { stageId: 999 })',
    'upsertDeal(by: { id: 301 }, input: { stageId: 999, pipelineId: 71 })',
  ])('is refused before the write: %s', async (mutation) => {
    const { ask } = openOffice();
    const { data, requests } = await ask(`mutation { done: ${mutation} { userErrors { field code message } } }`);
    const message = expect.stringMatching(/^There is no deal stage 999\. Query dealStages/);
    expect(data).toEqual({ done: { userErrors: [{ field: ['input', 'stageId'], code: 'NOT_FOUND', message }] } });
    expect(requests).toEqual([STAGES]);
  });
});

describe('custom fields', () => {
  const update =
    'mutation ($fields: JSON!) { updateContact(id: 101, input: { customFields: $fields }) { userErrors { field message } } }';

  test.each(['constructor', 'prototype'])('refuse the key %s at any depth', async (key) => {
    const { ask } = openOffice();
    const { data, requests } = await ask(update, { fields: { cf_a: [{ b: { [key]: { x: 1 } } }] } });
    expect(data).toMatchObject({
      updateContact: { userErrors: [{ field: ['input', 'customFields'], message: expect.stringContaining(key) }] },
    });
    expect(requests).toEqual([]);
  });

  test('report at most a hundred of a thousand errors', async () => {
    const { ask } = openOffice();
    const fields = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x_${index}`, 1]));
    const { data } = await ask(update, { fields });
    const { userErrors } = (data as { updateContact: { userErrors: unknown[] } }).updateContact;
    expect(userErrors).toHaveLength(101);
    expect(userErrors.at(-1)).toMatchObject({ field: null, message: expect.stringMatching(/More values/) });
  });
});
