// Nested responses per second from the cache, compared with plain yoga, alternating in one process.
// Prints a table; run it with `NODE_ENV=production npx tsx bench/cached.ts`.
import { readFileSync } from 'node:fs';
import { buildSchema, type ExecutionResult } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { readConfig } from '../src/config/config.ts';
import { createSandbox } from '../src/sandbox/sandbox.ts';
import { connectTo } from '../src/server/connect.ts';
import { createServer } from '../src/server/create-server.ts';

const QUERY = `{ contacts(first: 25) { totalCount pageInfo { hasNextPage endCursor } nodes {
  displayName owner { displayName } salesAccounts { edges { isPrimary node { name } } }
  deals { nodes { name amount stage { name } owner { displayName } } } tasks { nodes { title dueAt } } } } }`;

const ROUNDS = 7;
const ROUND_MS = 1500;
const AT_ONCE = 10;

type Fetch = (url: string, init: RequestInit) => Response | Promise<Response>;

const headers = { 'content-type': 'application/json', accept: 'application/json' };

const ask = async (fetch: Fetch, more: Record<string, string> = {}): Promise<string> => {
  const body = JSON.stringify({ query: QUERY });
  return (await fetch('http://127.0.0.1/graphql', { method: 'POST', headers: { ...headers, ...more }, body })).text();
};

async function perSecond(send: () => Promise<string>): Promise<number> {
  const began = performance.now();
  let answers = 0;
  while (performance.now() - began < ROUND_MS) {
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    answers += AT_ONCE;
  }
  return (answers * 1000) / (performance.now() - began);
}

/** Returns a response from memory, with plain yoga. */
const fromMemory = ({ data, extensions = {} }: ExecutionResult): Plugin => ({
  onExecute({ executeFn, setExecuteFn }) {
    setExecuteFn((args) => executeFn({ ...args, rootValue: data }));
    return {
      onExecuteDone({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult({ ...result, extensions });
      },
    };
  },
});

const sandbox = createSandbox();
globalThis.fetch = sandbox.fetch;
const { connect } = await connectTo(
  readConfig({
    FRESHSALES_URL: sandbox.baseURL.replace('http:', 'https:'),
    FRESHSALES_API_KEY: 'bench',
    FRESHSALES_PRODUCT: 'suite',
  }),
);
const own = createServer({ connect });
const known = JSON.parse(await ask(own.fetch)) as ExecutionResult;
const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
const plain = createYoga({ schema, plugins: [fromMemory(known)], logging: false });

const contenders: Record<string, () => Promise<string>> = {
  'plain yoga': () => ask(plain.fetch),
  repeated: () => ask(own.fetch),
  // An explained query is planned and run each time.
  'run, from cache': () => ask(own.fetch, { 'x-freshsales-explain': '1' }),
};

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

const rounds: Record<string, number>[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const measured: Record<string, number> = {};
  for (const [name, send] of Object.entries(contenders)) measured[name] = await perSecond(send);
  // The first is a warm-up.
  if (round > 0) rounds.push(measured);
}

console.table(
  Object.keys(contenders).map((name) => ({
    answers: name,
    'a second': median(rounds.map((measured) => measured[name] ?? 0)).toFixed(0),
    'to plain yoga': median(rounds.map((measured) => (measured[name] ?? 0) / (measured['plain yoga'] ?? 0))).toFixed(2),
  })),
);
console.log(`${sandbox.requests.length} Freshsales calls`);
