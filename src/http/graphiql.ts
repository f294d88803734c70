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

/** What GraphiQL is called, and what it opens with: the query in the address, where somebody has shared one. */
export const graphiqlOptions = ({ url }: Request) => ({
  title: 'Freshsales GraphQL',
  ...(!new URL(url).searchParams.has('query') && { defaultQuery }),
});

/** GraphiQL with its scripts in the page itself, so that it works offline. Loaded when it is first asked for: it is large. */
export async function renderGraphiQL(options: { defaultQuery?: string } = {}): Promise<string> {
  const { renderGraphiQL: render } = await import('@graphql-yoga/render-graphiql');
  // The page heeds `query` and lets a welcome of its own win over `defaultQuery`.
  return render({ ...options, ...(options.defaultQuery && { query: options.defaultQuery }) });
}
