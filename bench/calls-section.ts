import { type Cost, measureCalls, type QueryCosts } from './calls.ts';
import { naive, product } from './contender.ts';
import { hasPeers, mesh } from './mesh.ts';
import type { Aim, Section } from './section.ts';
import { openUpstream } from './upstream.ts';

const ABOUT = `Freshsales calls for queries of a sales front end, counted at the sandbox: with an empty cache, and repeated immediately. *Fewest* is derived
by hand from the documentation and recordings of Freshsales. Each response was checked to contain every value of this server's response.

- *naive*: the same schema in graphql-js, where each resolver requests what it needs.
- *naive, once per request*: the same, without duplicate calls in one request.
- *Mesh*: GraphQL Mesh over the REST API by its JSON Schema handler, relations by \`@resolveTo\`. The ids of views are configured.
- *Mesh, tuned*: the same, with request deduplication and response cache.`;

const MISSING = 'not installed';

/** Calls for each query and contender. */
export async function callsSection(): Promise<Section> {
  const upstream = await openUpstream();
  const peers = hasPeers();
  const rows = await measureCalls(upstream, [product, ...naive, ...(peers ? mesh : [])]);
  await upstream.close();
  const names = [product, ...naive, ...mesh].map(({ name }) => name);
  return {
    title: 'Calls for each query',
    about: ABOUT,
    columns: ['query', 'what', 'fewest', ...names.map((name) => `${name}: cold, repeated`)],
    rows: rows.map(({ name, what, fewest, costs }) => [
      name,
      what,
      String(fewest.length),
      ...names.map((contender) => cellOf(costs.find((cost) => cost.contender === contender))),
    ]),
    notes: [...notesOf(rows), ...(peers ? [] : ['Mesh is not installed: `npm run bench -- --install` does it.'])],
    aims: aimsOf(rows),
  };
}

function cellOf(cost: Cost | undefined): string {
  if (!cost) return MISSING;
  if (cost.cold === undefined) return 'not expressible';
  return `${cost.cold}, ${cost.repeated}${cost.problem === undefined ? '' : ' (!)'}`;
}

/** Distinct reasons. */
function notesOf(rows: readonly QueryCosts[]): string[] {
  const notes = rows.flatMap(({ name, costs }) =>
    costs.flatMap(({ contender, problem }) =>
      problem === undefined ? [] : [`${name}, ${contender.split(',')[0]}: ${problem}`],
    ),
  );
  return [...new Set(notes)];
}

function aimsOf(rows: readonly QueryCosts[]): Aim[] {
  const own = rows.map(({ name, fewest, costs: [cost] }) => ({ name, fewest: fewest.length, ...cost }));
  const expensive = own.filter(({ cold = Number.NaN, fewest }) => !(cold <= fewest)).map(({ name }) => name);
  const again = own.filter(({ repeated }) => repeated !== 0).map(({ name }) => name);
  const allBut = (names: readonly string[]) => (names.length > 0 ? `all but ${names.join(', ')}` : 'all');
  return [
    { what: 'cold calls', aim: 'the fewest, on every query', measured: allBut(expensive) },
    { what: 'repeated calls', aim: '0, on every query', measured: allBut(again) },
  ];
}
