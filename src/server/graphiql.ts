import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

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

/** GraphiQL's page and its assets. Loaded on first use because they are large, and served by this server, so that they work offline. */
interface GraphiQL {
  readonly page: (options: object) => string;
  readonly assets: ReadonlyMap<string, Asset>;
}

interface Asset {
  readonly mediaType: string;
  /** Names the content, so that browsers may keep it forever. */
  readonly hash: string;
  readonly text: string;
  readonly gzipped: Promise<Buffer>;
}

/** Relative to the page, so that they are found behind a proxy that adds a prefix. */
const ASSETS = { js: 'graphql/graphiql.js', css: 'graphql/graphiql.css' } as const;

/** Paths of the assets. */
export const ASSET_PATHS: readonly string[] = Object.values(ASSETS).map((path) => `/${path}`);

let loading: Promise<GraphiQL> | undefined;

const load = (): Promise<GraphiQL> => {
  loading ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) => split(renderGraphiQL));
  return loading;
};

const START = 'YogaGraphiQL.renderYogaGraphiQL(';

/** Takes style and script, which never change, out of the page, which has the options. */
function split(render: (options: object) => string): GraphiQL {
  const page = render({});
  const css = between(page, '<style>', '</style>');
  const script = page.slice(page.indexOf('<script>') + '<script>'.length, page.lastIndexOf('</script>'));
  const js = script.slice(0, script.lastIndexOf(START));
  const assets = new Map([
    [`/${ASSETS.js}`, toAsset('text/javascript', js)],
    [`/${ASSETS.css}`, toAsset('text/css', css)],
  ]);
  const address = (path: string) => `${path}?${assets.get(`/${path}`)?.hash}`;
  return {
    assets,
    page: (options) =>
      render(options)
        .replace(`<style>${css}</style>`, () => `<link rel="stylesheet" href="${address(ASSETS.css)}" />`)
        .replace(`<script>${js}`, () => `<script src="${address(ASSETS.js)}"></script><script>`),
  };
}

const between = (text: string, start: string, end: string): string => {
  const from = text.indexOf(start) + start.length;
  return text.slice(from, text.indexOf(end, from));
};

const toAsset = (mediaType: string, text: string): Asset => ({
  mediaType: `${mediaType}; charset=utf-8`,
  hash: createHash('sha256').update(text).digest('hex').slice(0, 16),
  text,
  gzipped: promisify(gzip)(text),
});

/** GraphiQL's own has 130 kB. */
const FAVICON =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 8 8%22%3E%3Ccircle cx=%224%22 cy=%224%22 r=%223%22 fill=%22%23e10098%22/%3E%3C/svg%3E';

export async function respondWithGraphiQL({ url }: Request): Promise<Response> {
  const { page } = await load();
  // A query in the URL takes precedence. `defaultQuery` does not work: GraphiQL's own welcome text overrides it.
  const query = new URL(url).searchParams.has('query') ? {} : { query: defaultQuery };
  const html = page({ title: 'Freshsales GraphQL', favicon: FAVICON, ...query });
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8' } });
}

/** An asset, which browsers keep if its hash is in the URL. */
export async function respondWithAsset(path: string, { url, headers }: Request): Promise<Response> {
  const asset = (await load()).assets.get(path);
  if (!asset) throw new Error('Unknown asset');
  const isCurrent = new URL(url).search === `?${asset.hash}`;
  const isGzipped = acceptsGzip(headers.get('accept-encoding') ?? '');
  return new Response(isGzipped ? new Uint8Array(await asset.gzipped) : asset.text, {
    headers: {
      'content-type': asset.mediaType,
      'cache-control': isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'Accept-Encoding',
      ...(isGzipped && { 'content-encoding': 'gzip' }),
    },
  });
}

const REFUSED = /^q=0(\.0{0,3})?$/;

const acceptsGzip = (accepted: string): boolean =>
  accepted.split(',').some((each) => {
    const [coding, ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    return coding === 'gzip' && !parameters.some((parameter) => REFUSED.test(parameter));
  });
