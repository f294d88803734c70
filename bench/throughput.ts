import autocannon from 'autocannon';
import { firstMessage, startApart, stopApart } from './apart.ts';
import { startBuilt } from './built.ts';
import { ask, bodyOf, type Endpoint } from './endpoint.ts';
import { settingsFor } from './product.ts';
import { documentOf } from './queries.ts';
import { median, type Section, whole } from './section.ts';
import { openUpstream } from './upstream.ts';

const QUERY = 'contacts-page';
const CONNECTIONS = 10;
const ROUNDS = 3;
const SECONDS = 8;

/** The results of one round. */
interface Load {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const ABOUT = `The query *${QUERY}* (25 contacts with owners, accounts, deals, stages, tasks and notes), repeated over ${CONNECTIONS} connections by autocannon:
${ROUNDS} rounds of ${SECONDS} seconds after a warm-up, alternating with *plain yoga*: graphql-yoga with the same schema, which returns the same response from
memory. Median of the rounds. Each server is its own process. autocannon measures latencies in whole milliseconds.`;

/** A cached nested response, compared with plain yoga. */
export async function throughputSection(): Promise<Section> {
  const upstream = await openUpstream();
  const own = await startBuilt(settingsFor(upstream.url));
  const known = await ask(own.url, documentOf(QUERY));
  const plain = await startPlain(known.text);
  const check = await ask(plain.url, documentOf(QUERY));
  await round(own.url, 3);
  await round(plain.url, 3);
  const before = upstream.sandbox.requests.length;
  const loads = await alternate(own.url, plain.url);
  const calls = upstream.sandbox.requests.length - before;
  for (const each of [own, plain, upstream]) await each.close();
  const ratio = median(loads.own.map(({ perSecond }, at) => perSecond / (loads.plain[at]?.perSecond ?? Number.NaN)));
  // A page is cached for a minute, so it is read a few times.
  const fromCache = calls <= ROUNDS * SECONDS;
  return {
    title: 'Throughput of a nested response',
    about: ABOUT,
    columns: ['server', 'responses per second', 'p50', 'p99', 'bytes', 'errors'],
    rows: [rowOf('this server', loads.own, known.text), rowOf('plain yoga', loads.plain, check.text)],
    notes: [
      `Relative to plain yoga: ${ratio.toFixed(2)}.`,
      `Freshsales calls during the run: ${whole(calls)}.${fromCache ? '' : ' The answers did not come from the cache.'}`,
    ],
    aims: [
      {
        what: 'throughput of a cached nested response',
        aim: 'at least 0.7 of plain yoga',
        measured: `${ratio.toFixed(2)}${fromCache ? '' : ', and not from the cache'}`,
      },
    ],
  };
}

async function startPlain(answer: string): Promise<Endpoint> {
  const child = startApart('plain.ts', { env: { NODE_ENV: 'production' } });
  child.send(JSON.parse(answer));
  const { url } = await firstMessage<{ url: string }>(child);
  return { url, close: () => stopApart(child) };
}

async function alternate(own: string, plain: string): Promise<{ own: Load[]; plain: Load[] }> {
  const loads: { own: Load[]; plain: Load[] } = { own: [], plain: [] };
  for (let at = 0; at < ROUNDS; at += 1) {
    loads.own.push(await round(own, SECONDS));
    loads.plain.push(await round(plain, SECONDS));
  }
  return loads;
}

async function round(url: string, duration: number): Promise<Load> {
  const { requests, latency, non2xx, errors } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: bodyOf(documentOf(QUERY), {}),
  });
  return { perSecond: requests.average, p50: latency.p50, p99: latency.p99, failed: non2xx + errors };
}

const rowOf = (name: string, loads: readonly Load[], answer: string): string[] => [
  name,
  whole(median(loads.map(({ perSecond }) => perSecond))),
  `${median(loads.map(({ p50 }) => p50))} ms`,
  `${median(loads.map(({ p99 }) => p99))} ms`,
  whole(Buffer.byteLength(answer)),
  String(loads.reduce((sum, { failed }) => sum + failed, 0)),
];
