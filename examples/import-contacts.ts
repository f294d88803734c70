import { readFileSync } from 'node:fs';
import { GraphQLClient, gql } from 'graphql-request';

/** One line of a file to import. */
export interface Line {
  readonly email: string;
  readonly [column: string]: string;
}

interface Row {
  identifier: string;
  status: 'SUCCEEDED' | 'FAILED' | 'NOT_SENT' | 'UNKNOWN';
  messages: string[];
}

interface Answer {
  bulkUpsertContacts: {
    rows: Row[];
    interruption: { message: string; retryAfter: number | null } | null;
    userErrors: { field: string[]; message: string }[];
  };
}

const mutation = gql`
  mutation Import($rows: [BulkUpsertContactInput!]!) {
    bulkUpsertContacts(input: $rows) {
      rows {
        identifier
        status
        messages
      }
      interruption {
        message
        retryAfter
      }
      userErrors {
        field
        message
      }
    }
  }
`;

/** Fits into one request of the default size. */
const AT_ONCE = 1000;

/** Upserts contacts by e-mail address, and reports each failure. Stops at an interruption. */
export async function* importContacts(client: GraphQLClient, lines: readonly Line[]): AsyncGenerator<string> {
  for (let start = 0; start < lines.length; start += AT_ONCE) {
    const part = lines.slice(start, start + AT_ONCE).map(({ email, ...data }) => ({ email, data }));
    const { bulkUpsertContacts: done } = await client.request<Answer>(mutation, { rows: part });
    for (const { field, message } of done.userErrors) yield `${field.join('.')}: ${message}`;
    for (const { identifier, status, messages } of done.rows)
      if (status !== 'SUCCEEDED') yield `${identifier}: ${status} ${messages.join(' ')}`.trim();
    yield `${done.rows.filter(({ status }) => status === 'SUCCEEDED').length} of ${part.length} done`;
    if (done.interruption) return yield `Interrupted: ${done.interruption.message}`;
  }
}

/** Reads a header such as `email,firstName,…` and lines of values. Values must not contain commas. */
export function readLines(text: string): Line[] {
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => {
    const cells = line.split(',').map((cell, index) => [names[index] ?? '', cell.trim()] as const);
    return { email: '', ...Object.fromEntries(cells.filter(([, cell]) => cell !== '')) };
  });
}

// node --import tsx examples/import-contacts.ts http://127.0.0.1:4000/graphql contacts.csv
const [, script, url, file] = process.argv;
if (url && file && script?.endsWith('import-contacts.ts'))
  for await (const line of importContacts(new GraphQLClient(url), readLines(readFileSync(file, 'utf8'))))
    console.log(line);
