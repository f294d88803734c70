import { type Behaviours, defaultBehaviours } from '../src/sandbox/behaviours.ts';
import { type Cost, measureCalls } from './calls.ts';
import type { Contender } from './contender.ts';
import { openProduct } from './product.ts';
import { documentOf } from './queries.ts';
import type { Section } from './section.ts';
import { openUpstream, PLENTY, type Upstream } from './upstream.ts';

const ABOUT = `This server's calls for the same queries, on accounts that do less than documented: with an empty cache, repeated, and with
\`Cache-Control: no-cache\`, when the server knows what the account does not do. Each response was checked to contain every value of the
first account's response.

- *views*: views honour only the includes that were seen to work there.
- *records only*: neither views nor searches honour to-many includes, and searches return thin rows.
- *cut short*: to-many side-loads end after five rows.`;

const isToMany = (include: string): boolean =>
  /^(deals|tasks|appointments|notes|contacts|sales_activities)$/.test(include);

const accounts: Readonly<Record<string, Partial<Behaviours>>> = {
  'as documented': {},
  views: { viewsHonour: 'evidence' },
  'records only': {
    filteredSearchDetail: false,
    honourIncludes: (endpoint, include) =>
      isToMany(include) && (endpoint.includes('/view/') || endpoint.startsWith('POST ')) ? false : undefined,
  },
  'cut short': { truncateSideloadsAt: 5 },
};

/** Calls for each query on accounts that do less than documented. */
export async function otherAccountsSection(): Promise<Section> {
  const upstream = await openUpstream();
  const contenders = Object.entries(accounts).map(([name, behaviours]) => toContender(upstream, name, behaviours));
  const rows = await measureCalls(upstream, contenders);
  await upstream.close();
  return {
    title: 'Calls on accounts that do less than documented',
    about: ABOUT,
    columns: ['query', ...contenders.map(({ name }) => name)],
    rows: rows.map(({ name, costs }) => [name, ...costs.map(cellOf)]),
  };
}

function toContender({ sandbox }: Upstream, name: string, behaviours: Partial<Behaviours>): Contender {
  return {
    name,
    document: documentOf,
    open: (url) => {
      Object.assign(sandbox.behaviours, defaultBehaviours(), PLENTY, behaviours);
      return openProduct(url);
    },
  };
}

const cellOf = ({ cold, learned, repeated, problem }: Cost): string =>
  `${cold}, ${repeated}, ${learned}${problem === undefined ? '' : ' (!)'}`;
