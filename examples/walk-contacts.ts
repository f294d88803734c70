import { GraphQLClient, gql } from 'graphql-request';

interface Page {
  contacts: {
    nodes: { id: string; displayName: string | null; email: string | null }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const query = gql`
  query Walk($after: String) {
    contacts(first: 500, after: $after) {
      nodes {
        id
        displayName
        email
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

/** Yields all contacts of the default view, 500 in six Freshsales calls. */
export async function* walkContacts(client: GraphQLClient): AsyncGenerator<Page['contacts']['nodes'][number]> {
  let after: string | null = null;
  do {
    const { contacts }: Page = await client.request<Page>(query, { after });
    yield* contacts.nodes;
    after = contacts.pageInfo.hasNextPage ? contacts.pageInfo.endCursor : null;
  } while (after);
}

// node --import tsx examples/walk-contacts.ts http://127.0.0.1:4000/graphql
const [, script, url] = process.argv;
if (url && script?.endsWith('walk-contacts.ts'))
  for await (const { displayName, email } of walkContacts(new GraphQLClient(url)))
    console.log(displayName, email ?? '');
