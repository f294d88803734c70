import { describe, expect, test } from 'vitest';
import type { FailedAnswer } from '../../src/sandbox/sandbox.ts';
import { POST, rows, upsert } from './bulk.ts';
import { JOB } from './case.ts';
import { type Office, openOffice } from './office.ts';

describe('an interrupted bulk write reports what was done', () => {
  /** The first jobs go out; the one after them gets this answer. */
  const takeJobs = (office: Office, jobs: number, answer: FailedAnswer) => {
    const taken = Array.from({ length: jobs }, (_, index) => ({
      job_status_url: `https://x.example/job_statuses/j${index}`,
    }));
    for (const body of taken) office.sandbox.failNext(/bulk_upsert/, { status: 200, body });
    office.sandbox.failNext(/bulk_upsert/, answer, 50);
    const data = { record_status: { succeeded: 100, failed: 0 } };
    office.sandbox.failNext(/job_statuses/, { status: 200, body: { status: 'SUCCESS', progress: 100, data } }, 50);
  };

  test('after a 429 in the middle', async () => {
    const office = openOffice();
    takeJobs(office, 4, { status: 429, text: '', headers: { 'retry-after': '30' } });
    const { counts, rows: placed, interruption, errors } = await upsert(office, rows(1000));
    expect(errors).toBeUndefined();
    // Four jobs were taken. After the 429 none is looked at any more, so that of some it may not be known how they ended.
    const [succeeded = 0, failed, notSent, unknown = 0] = counts as number[];
    expect([succeeded + unknown, failed, notSent]).toEqual([400, 0, 600]);
    expect(succeeded).toBeGreaterThanOrEqual(100);
    for (const { index, status, jobId } of placed) {
      expect(status === 'NOT_SENT').toBe(index >= 400);
      expect(jobId === null).toBe(index >= 400);
    }
    expect(interruption).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 30 });
  });

  test('if no calls are left for polling jobs', async () => {
    const office = openOffice({ behaviours: { hourlyLimit: 4 } });
    const { counts, interruption } = await upsert(office, rows(400));
    const [succeeded = 0, failed, notSent, unknown] = counts as number[];
    expect([failed, succeeded + (notSent ?? 0) + (unknown ?? 0)]).toEqual([0, 400]);
    expect(unknown).toBeGreaterThan(0);
    expect(interruption).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('if the response to a job is lost', async () => {
    const office = openOffice({ timeoutMs: 100 });
    takeJobs(office, 3, { status: 200, body: {}, delay: 400 });
    const { counts, interruption } = await upsert(office, rows(600));
    expect(interruption).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    const [succeeded, failed, notSent = 0, unknown = 0] = counts as number[];
    expect([succeeded, failed, notSent + unknown]).toEqual([300, 0, 300]);
    // What was offered and never answered is unknown, and was not offered again.
    expect(office.sandbox.requests.filter((request) => request === POST)).toHaveLength(3 + unknown / 100);
  });

  test('if Freshsales does not say which job it started', async () => {
    const office = openOffice();
    office.sandbox.failNext(/bulk_upsert/, { status: 200, body: { job_status_url: 'https://x.example/' } });
    const { counts, interruption } = await upsert(office, rows(1));
    expect(counts).toEqual([0, 0, 0, 1]);
    expect(interruption).toMatchObject({ code: 'UPSTREAM_ERROR' });
  });

  test('if a whole job is refused: its rows fail, and the others continue', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 0 } });
    office.sandbox.failNext(/bulk_upsert/, { status: 400, body: { errors: { code: 400, message: ['No.'] } } });
    const { counts, failures } = await upsert(office, rows(150));
    expect(counts).toEqual([50, 100, 0, 0]);
    expect(failures).toContainEqual({ identifier: 'p0@x.example', messages: ['No.'] });
  });

  test('as an error if nothing was sent', async () => {
    const office = openOffice();
    office.sandbox.failNext(/bulk_upsert/, { status: 401, body: { login: 'failed' } });
    const { errors } = await upsert(office, rows(1));
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED', outcome: 'NOT_DONE' } })]);
  });
});

describe('too many jobs at once (405)', () => {
  test('are retried with growing delays', async () => {
    const office = openOffice();
    office.sandbox.failNext(/bulk_upsert/, { status: 405, body: {} }, 2);
    const { counts, requests } = await upsert(office, rows(1));
    expect(counts).toEqual([1, 0, 0, 0]);
    expect(requests).toEqual([POST, POST, POST, JOB]);
    expect(office.naps).toEqual([2000, 4000, 1000]);
  });

  test('end the bulk write if they persist, with nothing done', async () => {
    const office = openOffice();
    office.sandbox.failNext(/bulk_upsert/, { status: 405, body: {} }, 50);
    const { errors, requests } = await upsert(office, rows(1));
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'UPSTREAM_ERROR', outcome: 'NOT_DONE' } })]);
    expect(requests).toEqual(Array(5).fill(POST));
  });
});
