import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { runCommand } from './command-host.ts';

/** Runs the command against an upstream that answers like this, and gives its findings by name. */
async function doctor(upstream: RequestListener, settings: Record<string, string> = {}) {
  const server = createServer(upstream);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const env = { FRESHSALES_URL: `http://127.0.0.1:${port}/crm/sales/api`, FRESHSALES_API_KEY: 'key-nobody-sees' };
  const { stdout: output } = await runCommand(tmpdir(), ['doctor', '--json'], { ...env, ...settings });
  const { ok, findings } = JSON.parse(output) as {
    ok: boolean;
    findings: { check: string; ok: boolean; says: string }[];
  };
  const find = (check: string) => findings.find((finding) => finding.check === check);
  return { ok, output, domain: find('domain'), key: find('key'), clock: find('clock') };
}

const redirectTo =
  (location: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(302, { location }).end();

test.each([
  [
    'a new domain',
    'https://widgetz.myfreshworks.com/crm/sales/api/x?secret=1',
    /set FRESHSALES_DOMAIN=widgetz\.myfreshworks\.com/,
  ],
  [
    'a foreign host',
    'https://login.example/?secret=1',
    /login\.example, which is not a Freshsales domain\. Check the spelling/,
  ],
  ['a host that looks like one', 'https://widgetz.myfreshworks.com.evil.example/?secret=1', /not a Freshsales domain/],
  ['the same host', '/login?secret=1', /Set FRESHSALES_URL to the URL with https:\/\//],
  ['nowhere', 'http://[::1', /Check the path in FRESHSALES_URL/],
])('explains what to do about a redirect to %s', async (_what, location, hints) => {
  const { ok, output, domain, key } = await doctor(redirectTo(location));
  expect(ok).toBe(false);
  expect(domain).toMatchObject({ ok: false, says: expect.stringMatching(hints) });
  expect(key?.says).toMatch(/redirected.*HTTP 302/);
  expect(output).not.toMatch(/secret|key-nobody-sees/);
});

test('names the setting that limits a response that is too large', async () => {
  const body = JSON.stringify({ users: [{ id: 1, display_name: 'x'.repeat(200_000) }] });
  const { domain, key } = await doctor((_request, response) => void response.end(body), {
    FRESHSALES_MAX_RESPONSE_BYTES: '100000',
  });
  expect(domain?.ok).toBe(false);
  expect(key?.says).toMatch(/larger than 100000 bytes.*FRESHSALES_MAX_RESPONSE_BYTES/);
});

test('the domain is fine if only the key is refused', async () => {
  const { domain, key } = await doctor((_request, response) => void response.writeHead(401).end('{}'));
  expect(domain?.ok).toBe(true);
  expect(key).toMatchObject({
    ok: false,
    says: 'Freshsales does not accept the API key. Set FRESHSALES_API_KEY to the key under Settings → API settings in Freshsales.',
  });
});

test('a host that cannot be reached is to be checked, and its clock is not compared', async () => {
  const { domain, key, clock } = await doctor(() => undefined, { FRESHSALES_URL: 'http://127.0.0.1:2/crm/sales/api' });
  expect(domain).toMatchObject({ ok: false, says: expect.stringMatching(/Check FRESHSALES_DOMAIN or FRESHSALES_URL/) });
  expect(key?.says).toBe('Freshsales could not be reached (ECONNREFUSED).');
  expect(clock?.says).toBe('not compared, because Freshsales does not answer');
});
