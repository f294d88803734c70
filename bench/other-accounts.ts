import { type Behaviours, defaultBehaviours } from '../src/sandbox/behaviours.ts';
import { type Cost, measureCalls } from './calls.ts';
import type { Contender } from './contender.ts';
import { openProduct } from './product.ts';
import { documentOf } from './queries.ts';
import type { Section } from './section.ts';
import { openUpstream, PLENTY, type Upstream } from './upstream.ts';

const ABOUT = `The same queries of this server, on accounts that do less than what is documented. Calls when nothing is known yet; of the same
query once more; and with \`Cache-Control: no-cache\`, when the answers will not do but it is known what the account does not do.
Each answer was checked to hold every value that the first account’s held.

- *views*: views honour only the includes that somebody has seen working there.
- *records only*: neither views nor searches honour includes that lead to several records, and searches give thin rows.
- *cut short*: side-loads of several rows end after five, in every answer.`;

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

/** Calls for each query on accounts that do not answer as documented. */
export async function otherAccountsSection(): Promise<Section> {
  const upstream = await openUpstream();
  const contenders = Object.entries(accounts).map(([name, behaviours]) => toContender(upstream, name, behaviours));
  const rows = await measureCalls(upstream, contenders);
  await upstream.close();
  return {
    title: 'Calls on accounts that do less',
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
