import { describe, expect, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { POST, query, rows } from './bulk.ts';
import { JOB, withoutJobIds } from './case.ts';
import { type Office, openOffice } from './office.ts';

const keyed = query
  .replace('(input: $input)', '(input: $input) @idempotent(key: "k")')
  .replace('succeeded', 'jobIds succeeded');

const written = ({ sandbox }: Office) =>
  sandbox.rows(contactType).filter(({ email }) => /^p\d+@x/.test(email ?? '')).length;

/** An office whose first wait is one in which the client hangs up. */
function openHungUp(operation: string, variables: object) {
  const hangUp = new AbortController();
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const office = openOffice({
    sleep: async (_ms, signal) => {
      hangUp.abort();
      await new Promise((resolve) => setTimeout(resolve, 10));
      signal?.throwIfAborted();
      end();
    },
  });
  office.sandbox.behaviours.jobSeconds = 0;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ query: operation, variables });
  const gone = office
    .fetch('http://127.0.0.1/graphql', { method: 'POST', headers, body, signal: hangUp.signal })
    .catch((error: unknown) => error);
  return { office, gone, ended };
}

describe('a client that hangs up', () => {
  test('does not interrupt a bulk write without a key', async () => {
    const { office, gone } = openHungUp(query, { input: rows(600) });
    await gone;
    await expect.poll(() => written(office)).toBe(600);
    await expect.poll(() => withoutJobIds(office.sandbox.requests).filter((each) => each === JOB)).toHaveLength(6);
  });

  test('gets all results with its key, without another job', async () => {
    const { office, gone } = openHungUp(keyed, { input: rows(600) });
    await gone;
    const { data } = await office.ask(keyed, { input: rows(600) });
    expect(data).toMatchObject({ it: { succeeded: 600, notSent: 0, unknown: 0, interruption: null } });
    expect(office.sandbox.requests.filter((each) => each === POST)).toHaveLength(6);
    expect(await office.ask(keyed, { input: rows(600) })).toMatchObject({ data, requests: [] });
  });

  test('stops the mutations after the bulk write', async () => {
    const both = query.replace(
      /\}\s*$/,
      'later: updateContact(id: 101, input: { city: "Rome" }) { userErrors { code } } }',
    );
    const { office, gone, ended } = openHungUp(both, { input: rows(1) });
    await Promise.all([gone, ended]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(withoutJobIds(office.sandbox.requests)).toEqual([POST, JOB]);
  });
});

describe('the same key again', () => {
  test('sends the rows that were not sent, and checks the open jobs', async () => {
    let time = new Date('2026-06-15T10:00:00Z');
    const behaviours = { jobSeconds: 0, hourlyLimit: 4, rateLimitHeaders: false };
    const office = openOffice({ now: () => time, behaviours });
    const input = rows(600);
    const first = await office.ask(keyed, { input });
    expect(first.data).toMatchObject({ it: { interruption: { code: 'RATE_LIMITED' } } });
    expect(first.requests.filter((each) => each === POST).length).toBeLessThan(6);
    const { jobIds } = Object((first.data as { it: unknown }).it) as { jobIds: string[] };
    expect(new Set(jobIds).size).toBeGreaterThan(0);
    office.sandbox.behaviours.hourlyLimit = 1000;
    time = new Date('2026-06-15T12:00:00Z');
    const second = await office.ask(keyed, { input });
    expect(second.data).toMatchObject({ it: { succeeded: 600, notSent: 0, unknown: 0, interruption: null } });
    expect(Object((second.data as { it: unknown }).it).jobIds).toEqual(expect.arrayContaining(jobIds));
    expect(office.sandbox.requests.filter((each) => each === POST).length).toBeLessThanOrEqual(7);
    expect(written(office)).toBe(600);
    expect((await office.ask(keyed, { input })).requests).toEqual([]);
  });

  test('polls an unfinished job once more, and makes no other call', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 1_000_000 } });
    const input = rows(2);
    const first = await office.ask(keyed, { input });
    expect(first.data).toMatchObject({ it: { unknown: 2 } });
    office.sandbox.behaviours.jobSeconds = 0;
    const naps = office.naps.length;
    const second = await office.ask(keyed, { input });
    expect(second.data).toMatchObject({ it: { succeeded: 2, unknown: 0 } });
    expect(withoutJobIds(second.requests)).toEqual([JOB]);
    expect(office.naps).toHaveLength(naps);
  });

  test('leaves the rows of a job that Freshsales no longer knows unknown', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 1_000_000 } });
    await office.ask(keyed, { input: rows(1) });
    office.sandbox.failNext(/job_statuses/, { status: 404, body: { errors: { code: 404, message: ['No.'] } } });
    const { data, errors } = await office.ask(keyed, { input: rows(1) });
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ it: { unknown: 1, interruption: null } });
  });

  test('does not send rows again whose job was never answered', async () => {
    const office = openOffice();
    office.sandbox.failNext(/bulk_upsert/, { status: 0, drop: true, performed: true });
    const first = await office.ask(keyed, { input: rows(1) });
    expect(first.data).toMatchObject({ it: { unknown: 1 } });
    expect((await office.ask(keyed, { input: rows(1) })).requests).toEqual([]);
  });

  test('sends the ids that were not sent', async () => {
    const office = openOffice();
    const ids = Array.from({ length: 150 }, (_, index) => index + 1);
    const operation =
      'mutation ($ids: [ID!]!) { it: bulkDeleteContacts(ids: $ids) @idempotent(key: "d") { acceptedIds notSentIds interruption { code } } }';
    office.sandbox.failNext(/bulk_destroy/, { status: 200, body: { message: 'ok' } });
    office.sandbox.failNext(/bulk_destroy/, { status: 403, text: '' });
    office.sandbox.failNext(/bulk_destroy/, { status: 200, body: { message: 'ok' } });
    const first = await office.ask(operation, { ids });
    expect(first.data).toMatchObject({ it: { interruption: { code: 'FORBIDDEN' } } });
    const second = await office.ask(operation, { ids });
    expect(second.data).toMatchObject({ it: { notSentIds: [], interruption: null } });
    expect(Object((second.data as { it: unknown }).it).acceptedIds).toHaveLength(150);
    expect(office.sandbox.sent.map(({ body }) => Object(body).selected_ids.length)).toEqual([100, 50, 50]);
    expect((await office.ask(operation, { ids })).requests).toEqual([]);
  });

  test('starts again if nothing was done', async () => {
    const office = openOffice({ behaviours: { jobSeconds: 0 } });
    office.sandbox.failNext(/bulk_upsert/, { status: 403, text: '' });
    expect((await office.ask(keyed, { input: rows(1) })).errors).toMatchObject([
      { extensions: { outcome: 'NOT_DONE' } },
    ]);
    expect((await office.ask(keyed, { input: rows(2) })).data).toMatchObject({ it: { succeeded: 2 } });
  });
});
