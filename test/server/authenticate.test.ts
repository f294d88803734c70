import { expect, test } from 'vitest';
import { createCache } from '../../src/cache/cache.ts';
import { createFreshsales } from '../../src/freshsales/client.ts';
import { createAccountLedger } from '../../src/quota/account-ledger.ts';
import type { Account } from '../../src/records/context.ts';
import { tables } from '../../src/resources/index.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createServer } from '../../src/server/create-server.ts';
import { passThrough } from '../world.ts';

function openPassThrough() {
  const sandbox = createSandbox();
  const keys: string[] = [];
  const cache = createCache({ tables });
  const accountOf = (apiKey: string): Account => {
    const ledger = createAccountLedger();
    const fetch: typeof globalThis.fetch = (input, init) => {
      keys.push(new Headers(init?.headers).get('authorization') ?? '');
      return sandbox.fetch(input, init);
    };

    return {
      freshsales: createFreshsales({ baseURL: sandbox.baseURL, apiKey, fetch, ledger, cache: cache.for(apiKey) }),
      ledger,
    };
  };
  const yoga = createServer({ connect: passThrough(accountOf), loopbackOnly: false });
  const ask = async (authorization?: string) => {
    const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
    const body = JSON.stringify({ query: '{ owners { displayName } }' });
    return yoga.fetch('http://api.example/graphql', { method: 'POST', headers, body });
  };
  return { ask, keys };
}

test('each request uses its own key and shares no cache with other keys', async () => {
  const { ask, keys } = openPassThrough();
  for (const key of ['one', 'one', 'two']) await ask(`Token token=${key}`);
  expect(keys).toEqual(['Token token=one', 'Token token=two']);
});

test.each([undefined, '', 'Bearer one', 'Token token=', 'Token one'])(
  'refuses “%s” as a key',
  async (authorization) => {
    const { ask, keys } = openPassThrough();
    const response = await ask(authorization);
    expect(response.status).toBe(401);
    expect((await response.json()).errors[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    expect(keys).toEqual([]);
  },
);

test('a space after the equals sign is tolerated', async () => {
  const { ask, keys } = openPassThrough();
  expect((await ask('Token token= one')).status).toBe(200);
  expect(keys).toEqual(['Token token=one']);
});
