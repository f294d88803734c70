import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/sandbox/account.ts';
import { createApp } from '../../src/sandbox/app.ts';
import { defaultBehaviours } from '../../src/sandbox/behaviours.ts';
import { endpointsOf } from '../../src/sandbox/coverage.ts';
import { createTypes } from '../../src/sandbox/sandbox.ts';
import { Store } from '../../src/sandbox/store.ts';
import { world } from './world.ts';

const types = createTypes();
const coverage = endpointsOf(types);
const coverageOf = (product: Account['product']) => coverage.filter(({ only = product }) => only === product);

const accountOf = (product: Account['product']): Account => ({
  product,
  store: new Store(),
  behaviours: defaultBehaviours(),
  types,
  now: () => new Date(),
  zone: 'Z',
  uiBase: '/ui',
});

/** The routes of an app as the table writes them. */
const registered = (product: Account['product']): string[] =>
  createApp(accountOf(product)).routes.map(({ method, path }) => {
    const below = path.startsWith('/ui/api') ? path.slice('/ui/api'.length) : `..${path.slice('/ui'.length)}`;
    return `${method} ${below.replaceAll(/:(\w+)/g, '{$1}')}`;
  });

describe('coverage', () => {
  it.each(['suite', 'classic'] as const)('is what is registered in %s', (product) => {
    const table = coverageOf(product).map(({ method, path }) => `${method} ${path}`);
    expect(registered(product).sort()).toEqual(table.sort());
  });

  it('has each of the 44 endpoints once', () => {
    const numbers = coverage.flatMap(({ number }) => number ?? []);
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
    expect(coverage.filter(({ number, method }) => number && method === 'GET')).toHaveLength(15);
  });

  it('is counted in the documentation', () => {
    const docs = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const [suite, classic] = [coverageOf('suite').length, coverageOf('classic').length];
    expect(docs).toContain(
      `${coverage.length} endpoints are answered, ${suite} in the Suite and ${classic} in Classic`,
    );
  });

  it('is answered by every route', async () => {
    for (const product of ['suite', 'classic'] as const) {
      const { get } = world({ product, seed: false });
      for (const { method, path } of coverageOf(product)) {
        const { status } = await get(path.replaceAll(/\{\w+\}/g, '1'), { method });
        expect([method, path, status >= 500]).toEqual([method, path, false]);
      }
    }
  });
});
