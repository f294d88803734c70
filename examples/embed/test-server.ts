import { createAccount, createSandbox, createServer } from 'freshsales-graphql';

/** A server over a made-up account, for tests of your own client. It needs no network and no key. */
export function openTestServer() {
  const sandbox = createSandbox({
    seed: ({ put }) => {
      put('Contact', { id: '1', first_name: 'Ada', last_name: 'Lovelace' });
    },
  });
  const account = createAccount({ url: sandbox.url, fetch: sandbox.fetch, apiKey: 'any' });
  return { sandbox, server: createServer({ connect: () => account }) };
}
