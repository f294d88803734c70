/** The query GraphiQL opens with. It makes one Freshsales call. */
const defaultQuery = `# Contacts with owners, companies and deals.
# One Freshsales call per 100 contacts.
# extensions.cost in the response shows what it cost.
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

/** True if a browser opens the URL. GraphQL clients do not accept HTML. */
export const wantsGraphiQL = ({ method, headers }: Request): boolean =>
  method === 'GET' && (headers.get('accept') ?? '').includes('text/html');

/** GraphiQL with its scripts inlined, so that it works offline. Loaded on first use because it is large. */
export async function respondWithGraphiQL({ url }: Request): Promise<Response> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  // A query in the URL takes precedence. `defaultQuery` does not work: GraphiQL's own welcome text overrides it.
  const query = new URL(url).searchParams.has('query') ? {} : { query: defaultQuery };
  const page = renderGraphiQL({ title: 'Freshsales GraphQL', ...query });
  return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}
