import { expect, test } from 'vitest';
import { KINDS } from '../../src/access/grant.ts';
import { grantsExcept, openOffice } from '../access/office.ts';
import { hostileDocuments, largeDocuments, REFUSALS } from '../hostile-documents.ts';
import { deepCases } from '../property.ts';

/** Far more than any of them takes, and far less than a walk of all that they spread. */
const SECONDS = 60;

const open = () =>
  openOffice(
    {
      Full: grantsExcept(KINDS, 'full'),
      Clerk: 'grants:\n  contacts: read',
      Careful: `confirm: [delete, forget, bulk]\n${grantsExcept(KINDS, 'full')}`,
      Trusting: `trustedDocuments: trusted.json\n${grantsExcept(KINDS, 'full')}`,
    },
    { files: { 'trusted.json': JSON.stringify(hostileDocuments) } },
  );

type Office = Awaited<ReturnType<typeof open>>;

interface Way {
  readonly method?: 'GET';
  readonly headers?: Record<string, string>;
  readonly extensions?: object;
}

const ways: Readonly<Record<string, Way>> = {
  POST: {},
  GET: { method: 'GET' },
  'dry run': { headers: { 'x-freshsales-dry-run': '1' } },
  explain: { extensions: { explain: true } },
  preview: { headers: { 'x-freshsales-preview': '1' } },
};

async function send(office: Office, caller: string, params: object, { method, headers, extensions }: Way = {}) {
  const address = new URL('http://127.0.0.1/graphql');
  if (method === 'GET') for (const [name, value] of Object.entries(params)) address.searchParams.set(name, value);
  const body = method === 'GET' ? {} : { method: 'POST', body: JSON.stringify({ ...params, extensions }) };
  const authorization = `Bearer ${office.tokens[caller]}`;
  const startedAt = performance.now();
  const response = await office.yoga.fetch(address, {
    ...body,
    headers: { 'content-type': 'application/json', authorization, ...headers },
  });
  const { errors = [] } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  const codes = [...new Set(errors.map(({ extensions }) => extensions.code))];
  return { codes, isFault: response.status >= 500, seconds: (performance.now() - startedAt) / 1000 };
}

/** What became of a hostile document that should not have. */
async function check(office: Office, caller: string, params: object, way?: Way) {
  const [calls, written] = [office.sandbox.requests.length, office.audited().length];
  const { codes, isFault, seconds } = await send(office, caller, params, way);
  const lines = office.audited().slice(written);
  return {
    isRefused: codes.length > 0 && codes.every((code) => REFUSALS.includes(code)),
    isFault,
    isSlow: seconds > SECONDS,
    calls: office.sandbox.requests.length - calls,
    audited: lines.map(({ caller, decision }) => [caller, decision]),
    ...(seconds > SECONDS && { seconds }),
  };
}

const refused = (caller: string) => ({
  isRefused: true,
  isFault: false,
  isSlow: false,
  calls: 0,
  audited: [[caller, 'invalid']],
});

/** A URL needs a document to be an operation, and long URLs are refused first. */
const isSendable = (query: string, { method }: Way): boolean =>
  method !== 'GET' || (query !== '' && encodeURIComponent(query).length < 8000);

test.each(deepCases(Object.entries(ways), 1))(
  'refuses hostile documents by %s quickly, and logs them',
  { timeout: 120_000 },
  async (_name, way) => {
    const office = await open();
    for (const [name, query] of Object.entries(hostileDocuments))
      for (const caller of isSendable(query, way) ? ['Full', 'Clerk', 'Careful'] : [])
        expect({ name, ...(await check(office, caller, { query }, way)) }).toEqual({ name, ...refused(caller) });
  },
);

test('refuses trusted hostile documents quickly, and logs them', { timeout: 120_000 }, async () => {
  const office = await open();
  for (const [documentId, query] of Object.entries(hostileDocuments))
    if (query !== '')
      expect({ documentId, ...(await check(office, 'Trusting', { documentId })) }).toEqual({
        documentId,
        ...refused('Trusting'),
      });
});

test('the audit log names the fields of a document that exceeds a limit', async () => {
  const office = await open();
  await send(office, 'Full', { query: hostileDocuments['fragments that multiply in a mutation'] });
  expect(office.audited().at(-1)).toMatchObject({ operation: 'mutation', fields: ['deleteContact'], writes: [] });
});

test.each(Object.entries(largeDocuments))('allows %s', async (_name, query) => {
  const office = await open();
  const operationName = /^query (\w+)/.exec(query)?.[1];
  const response = await office.send(office.tokens.Full, { query, operationName });
  const { data, errors = [] } = (await response.json()) as { data?: object; errors?: { path?: unknown }[] };
  expect(data).toBeTypeOf('object');
  // Some of the records are not there, which the field says.
  expect(errors.filter(({ path }) => path === undefined)).toEqual([]);
});
