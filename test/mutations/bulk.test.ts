import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { POST, query, rows, upsert } from './bulk.ts';
import { JOB } from './case.ts';
import { openOffice } from './office.ts';

describe('a bulk write of any number of rows', () => {
  test.each([
    [1, [POST, JOB]],
    [100, [POST, JOB]],
    [101, [POST, POST, JOB, JOB]],
    [1000, [...Array(10).fill(POST), ...Array(10).fill(JOB)]],
  ] as const)('%i', async (count, requests) => {
    const office = openOffice({ behaviours: { jobSeconds: 0 } });
    const answer = await upsert(office, rows(count));
    expect(answer.errors).toBeUndefined();
    expect(answer.counts).toEqual([count, 0, 0, 0]);
    expect(answer.rows.map(({ index, identifier }) => [index, identifier])).toEqual(
      rows(count).map(({ email }, index) => [index, email]),
    );
    expect(answer.requests.toSorted()).toEqual([...requests].toSorted());
    const sent = office.sandbox.sent.filter(({ request }) => request === POST).map(({ body }) => Object(body).contacts);
    expect(Math.max(...sent.map((each) => each.length))).toBeLessThanOrEqual(100);
    expect(
      sent
        .flat()
        .map(({ emails }) => emails)
        .toSorted(),
    ).toEqual(
      rows(count)
        .map(({ email }) => email)
        .toSorted(),
    );
    const there = office.sandbox.rows(contactType).filter(({ email }) => /^p\d+@x/.test(email ?? ''));
    expect(there).toHaveLength(count);
    expect(answer.extensions).toMatchObject({ cost: { actualQueryCost: requests.length } });
  });

  test('runs few jobs at a time', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 0, maxParallelJobs: 3 } });
    const answer = await upsert(office, rows(1000));
    expect(answer.counts).toEqual([1000, 0, 0, 0]);
  });
});

test.each([
  [2501, query, { input: rows(2501) }],
  [
    5001,
    'mutation ($ids: [ID!]!) { bulkDeleteContacts(ids: $ids) { acceptedIds } }',
    { ids: Array.from({ length: 5001 }, (_, index) => index + 1) },
  ],
] as const)(
  '%i are more than an operation may plan for by default, and none is sent',
  async (_count, operation, variables) => {
    const { errors, requests } = await openOffice().ask(operation, { ...variables });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['COST_LIMIT_EXCEEDED']);
    expect(requests).toEqual([]);
  },
);

test('matches a failed row by its identifier, ignoring case', async () => {
  const office = openOffice();
  const input = [
    { email: 'ADA@Acme.example', data: { email: 'ben@globex.example' } },
    { email: 'ben@globex.example', data: { city: 'Turin' } },
  ];
  const { counts, failures, rows: placed } = await upsert(office, input);
  expect(counts).toEqual([1, 1, 0, 0]);
  expect(failures).toEqual([{ identifier: 'ADA@Acme.example', messages: ['ben@globex.example already exists.'] }]);
  expect(placed.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED']);
  expect(office.sandbox.get(contactType, '101')?.email).toBe('ada@acme.example');
});

test('reads the data of a job that is JSON in a string', async () => {
  const office = openOffice({ behaviours: { jobDataAsText: true } });
  const { counts } = await upsert(office, [{ id: '102', data: { email: 'ada@acme.example' } }, ...rows(1)]);
  expect(counts).toEqual([1, 1, 0, 0]);
});

describe('polling a job', () => {
  test('slows down, and stops when the job ends', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 5 } });
    const { counts, requests } = await upsert(office, rows(1));
    expect(counts).toEqual([1, 0, 0, 0]);
    expect(requests).toEqual([POST, JOB, JOB, JOB]);
    expect(office.naps).toEqual([1000, 2000, 3000]);
  });

  test('gives up on a job that does not end, and leaves its rows unknown', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 1_000_000 } });
    const { counts, rows: placed, requests, interruption } = await upsert(office, rows(2));
    expect(counts).toEqual([0, 0, 0, 2]);
    expect(interruption).toBeNull();
    expect(requests).toEqual([POST, ...Array(13).fill(JOB)]);
    // Whoever was told of the job can ask for it later.
    const [row] = placed;
    const { data } = await office.ask(
      `{ bulkJob(id: "${row?.jobId}") { isEnded progress } none: bulkJob(id: "no-such") { status } }`,
    );
    expect(data).toEqual({ bulkJob: { isEnded: false, progress: 0 }, none: null });
  });

  test('tolerates two failures of Freshsales, not three', async () => {
    for (const [faults, counts] of [
      [2, [1, 0, 0, 0]],
      [3, [0, 0, 0, 1]],
    ] as const) {
      const office = openOffice();
      office.sandbox.failNext(/job_statuses/, { status: 503, text: '' }, faults);
      expect((await upsert(office, rows(1))).counts).toEqual(counts);
    }
  });

  test('reports a failed job', async () => {
    const office = openOffice();
    office.sandbox.failNext(/job_statuses/, { status: 200, body: { status: 'FAILED', progress: 40, data: null } });
    const { counts, failures } = await upsert(office, rows(1));
    expect(counts).toEqual([0, 1, 0, 0]);
    expect(failures).toEqual([{ identifier: 'p0@x.example', messages: ['The job ended as FAILED.'] }]);
  });

  test.each([
    ['a failure that is nobody’s', { record_status: { succeeded: 1, failed: 1 }, detailed_failure_report: [] }],
    ['a failure of a stranger', { record_status: { failed: 1 }, detailed_failure_report: [{ emails: 'x@y.z' }] }],
    ['successes that are too few', { record_status: { succeeded: 1, failed: 0 }, detailed_failure_report: [] }],
    ['no counts', {}],
    ['no data', null],
    ['an empty text for data', ''],
  ])('with %s leave the rows unknown', async (_what, data) => {
    const office = openOffice();
    office.sandbox.failNext(/job_statuses/, { status: 200, body: { status: 'SUCCESS', progress: 100, data } });
    expect((await upsert(office, rows(2))).counts).toEqual([0, 0, 0, 2]);
  });
});
