/** What GraphiQL opens with: one call to Freshsales, whatever is nested below. */
const defaultQuery = `# A page of contacts with their owners, companies and deals: one call to Freshsales.
# extensions.cost below the answer says what it cost.
query Contacts {
  contacts(first: 10) {
    totalCount
    nodes {
      displayName
      email
      owner {
        displayName
      }
      primarySalesAccount {
        name
      }
      deals {
        nodes {
          name
          amount
          stage {
            name
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

/** A browser that opens the address, and not a client that sends an operation. */
export const wantsGraphiQL = ({ method, headers }: Request): boolean =>
  method === 'GET' && (headers.get('accept') ?? '').includes('text/html');

/** GraphiQL with its scripts in the page itself, so that it works offline. Loaded when it is first asked for: it is large. */
export async function respondWithGraphiQL({ url }: Request): Promise<Response> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // Where somebody has shared a query in the address, the page opens with that. It heeds `query` alone: a welcome of its own
  // wins over `defaultQuery`.
  const query = new URL(url).searchParams.has('query') ? {} : { query: defaultQuery };
  const page = renderGraphiQL({ title: 'Freshsales GraphQL', ...query });
  return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}
