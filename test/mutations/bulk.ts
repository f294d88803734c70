import { withoutJobIds } from './case.ts';
import type { Office } from './office.ts';

export const POST = 'POST /contacts/bulk_upsert';
export const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({
    email: `p${from + index}@x.example`,
    data: { firstName: `P${from + index}` },
  }));

export const query = `mutation ($input: [BulkUpsertContactInput!]!) { it: bulkUpsertContacts(input: $input) {
  succeeded failed notSent unknown
  failures { identifier messages }
  rows { index identifier status messages jobId }
  interruption { code message retryAfter }
  userErrors { field code }
} }`;

/** What came of it, with the results of the rows instead of the rows. */
export async function upsert({ ask }: Office, input: object[]) {
  const { data, errors, requests, extensions } = await ask(query, { input });
  const it = Object(data?.it) as Readonly<Record<string, unknown>>;
  const { rows: placed, succeeded, failed, notSent, unknown, failures, interruption } = it;
  return {
    counts: [succeeded, failed, notSent, unknown],
    rows: (placed ?? []) as readonly { index: number; identifier: string; status: string; jobId: string | null }[],
    ...{ failures, interruption, errors, extensions, requests: withoutJobIds(requests) },
  };
}
