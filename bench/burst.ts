import { counted } from './calls.ts';
import { ask } from './endpoint.ts';
import { openProduct } from './product.ts';
import { documentOf } from './queries.ts';
import type { Section } from './section.ts';
import { openUpstream, type Upstream } from './upstream.ts';

const QUERIES = ['contacts-page', 'deal-board', 'contact-page', 'dashboard-counts'];
const AT_ONCE = 100;

/** Many identical queries at once, with an empty cache. */
export async function burstSection(): Promise<Section> {
  const upstream = await openUpstream();
  const found: { query: string; one: number; many: number; failed: number }[] = [];
  for (const query of QUERIES) {
    const { calls: one } = await burst(upstream, query, 1);
    const { calls: many, failed } = await burst(upstream, query, AT_ONCE);
    found.push({ query, one, many, failed });
  }
  await upstream.close();
  return {
    title: `${AT_ONCE} identical queries at once`,
    about: 'Freshsales calls of one query, and of 100 identical queries sent at once, with an empty cache.',
    columns: ['query', 'calls of one', `calls of ${AT_ONCE}`, 'errors'],
    rows: found.map(({ query, one, many, failed }) => [query, String(one), String(many), String(failed)]),
    aims: [
      {
        what: `${AT_ONCE} identical queries at once`,
        aim: 'the calls of one query',
        measured: found.map(({ one, many }) => `${many} for ${one}`).join(', '),
      },
    ],
  };
}

async function burst(upstream: Upstream, query: string, times: number): Promise<{ calls: number; failed: number }> {
  const { url, close } = await openProduct(upstream.url);
  const document = documentOf(query);
  const { calls, result } = await counted(upstream, () =>
    Promise.all(Array.from({ length: times }, () => ask(url, document, upstream.variables))),
  );
  await close();
  return { calls, failed: result.filter(({ errors }) => errors.length > 0).length };
}
