import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endpointsOf, ORIGINAL_ENDPOINTS } from './endpoints.ts';
import { world } from './world.ts';

const suite = endpointsOf('suite');
const classic = endpointsOf('classic');
const all = new Set([...suite, ...classic]);

describe('endpoints of the sandbox', () => {
  it('include each of the 44 endpoints of the original scope', () => {
    expect(new Set(ORIGINAL_ENDPOINTS).size).toBe(44);
    expect(ORIGINAL_ENDPOINTS.filter((endpoint) => !all.has(endpoint))).toEqual([]);
  });

  it('are registered once', () => {
    expect(new Set(suite).size).toBe(suite.length);
    expect(new Set(classic).size).toBe(classic.length);
  });

  it('are at least as many as docs/sandbox.md says', () => {
    const docs = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const [, count] = /^More than (\d+) endpoints are answered/m.exec(docs) ?? [];
    expect(all.size).toBeGreaterThan(Number(count));
  });

  it.each(['suite', 'classic'] as const)('answer without a server error in %s', async (product) => {
    const { get } = world({ product, seed: false });
    for (const endpoint of endpointsOf(product)) {
      const [method = '', path = ''] = endpoint.split(' ');
      const { status } = await get(path.replaceAll(/\{\w+\}/g, '1'), { method });
      expect([endpoint, status >= 500]).toEqual([endpoint, false]);
    }
  });
});
