import { expect, it } from 'vitest';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';

const headers = { authorization: 'Token token=any' };

it('answers over a socket, and a second one on the same port is refused', async () => {
  const sandbox = createSandbox({ seed: false });
  const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  try {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/crm\/sales\/api$/);
    const answer = await fetch(`${url}/selector/owners`, { headers });
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
    expect(await answer.json()).toHaveProperty('users');
    sandbox.failNext('/selector', { status: 0, drop: true });
    await expect(fetch(`${url}/selector/owners`, { headers })).rejects.toThrow('fetch failed');
    const found = await fetch(`${url}/filtered_search/deal`, { method: 'POST', headers, body: '{"filter_rule":[]}' });
    expect(await found.json()).toEqual({ deals: [], meta: { total: 0 } });
    const port = Number(new URL(url).port);
    await expect(listenSandbox(sandbox, { host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  } finally {
    await close();
  }
});
