import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSandbox } from '../../src/library/sandbox.ts';
import { openIssuer } from '../access/issuer.ts';
import { subscriber } from '../events/live.ts';
import { cliPath, folderOf } from './command-host.ts';

type Sign = Awaited<ReturnType<Awaited<ReturnType<typeof openIssuer>>['addKey']>>;

const SECRET = 'open-sesame';
const sandbox = createSandbox({ seed: true });
const lines: Record<string, unknown>[] = [];
let issuer: Awaited<ReturnType<typeof openIssuer>>;
let upstream: Awaited<ReturnType<typeof sandbox.listen>>;
let server: ChildProcess;
let folder: string;
let base: string;
let sign: Sign;

/** A server as an operator starts it: its own process, real sockets, and the audit log on standard output. */
beforeAll(async () => {
  issuer = await openIssuer();
  sign = await issuer.addKey('one');
  upstream = await sandbox.listen();
  folder = folderOf({
    'callers.yaml': `callers:
  - name: Sales
    grants: { contacts: full, deals: read, users: read }
    confirm: [delete]
  - name: Support
    grants: { contacts: read }
jwt:
  issuer: ${issuer.url}
  audience: crm
  rules:
    - { claim: groups, includes: sales, caller: Sales, user: email }
    - { claim: groups, includes: support, caller: Support }
`,
  });
  server = spawn(process.execPath, [cliPath, 'serve'], {
    cwd: folder,
    env: {
      PORT: '0',
      FRESHSALES_AUTH: 'jwt',
      FRESHSALES_CALLERS: 'callers.yaml',
      FRESHSALES_URL: upstream.url,
      FRESHSALES_API_KEY: 'any-key',
      WEBHOOK_SECRET: SECRET,
      SUBSCRIPTIONS_PER_CALLER: '1',
      AUDIT_LOG: 'stdout',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let rest = '';
  server.stdout?.on('data', (chunk) => {
    const parts = `${rest}${chunk}`.split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line) as Record<string, unknown>));
  });
  const started = () => lines.flatMap(({ msg }) => /http:\/\/[\d.:]+/.exec(String(msg)) ?? [])[0];
  base = await vi.waitUntil(started, { timeout: 30_000 });
}, 40_000);

afterAll(async () => {
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
  await upstream.close();
  issuer.close();
  rmSync(folder, { recursive: true });
});

const post = (body: object, headers: Record<string, string> = {}, signal?: AbortSignal, path = '/graphql') =>
  fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

interface Answer {
  readonly data?: Record<string, unknown>;
  readonly errors?: { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

const ask = async (token: string, query: string, extensions: object = {}) =>
  (await (await post({ query, extensions }, bearer(token))).json()) as Answer;

const NAME = '{ viewer { name } }';

test('the viewer is the Freshsales user whom the token names', async () => {
  const [first, second] = sandbox.rows('User');
  const query = '{ viewer { name user { id email } } contacts(first: 1) { totalCount } }';
  for (const user of [first, second]) {
    const { data, errors } = await ask(await sign({ email: user?.email }), query);
    expect(errors).toBeUndefined();
    expect(data?.viewer).toEqual({
      name: 'Sales',
      user: { id: `gid://freshsales/User/${user?.id}`, email: user?.email },
    });
  }
  const stranger = await ask(await sign({ email: 'nobody@example.com' }), query);
  expect(stranger.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
});

test('the audit log says in plain English who signed in', async () => {
  await ask(await sign({ email: 'priya@example.com', sub: 'auth0|7' }), '{ contacts(first: 1) { nodes { id } } }');
  await ask(await sign({ groups: ['support'], sub: 'auth0|8' }), '{ contacts(first: 1) { nodes { id } } }');
  const sentences = () =>
    lines.filter(({ person }) => person !== undefined).map(({ person, sentence }) => ({ person, sentence }));
  await expect.poll(sentences).toContainEqual({
    person: { subject: 'auth0|7', user: 'priya@example.com' },
    sentence: expect.stringMatching(/^priya@example\.com as Sales read 1 contact: allowed by contacts: full\./),
  });
  await expect.poll(sentences).toContainEqual({
    person: { subject: 'auth0|8' },
    sentence: expect.stringMatching(/^auth0\|8 as Support read 1 contact: allowed by contacts: read\./),
  });
  // People are named in the audit log only.
  expect(JSON.stringify(lines.filter(({ msg }) => msg !== undefined))).not.toMatch(/priya|auth0/);
});

test('MCP takes the same tokens, and refuses others with a challenge', async () => {
  const call = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: { name: 'query', arguments: { query: NAME } },
  };
  const stream = { accept: 'application/json, text/event-stream' };
  const answer = await post(call, { ...stream, ...bearer(await sign()) }, undefined, '/mcp');
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('Sales');
  const refused = await post(call, { ...stream, ...bearer(await sign({ aud: 'other' })) }, undefined, '/mcp');
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  const unknown = await post(call, { ...stream, ...bearer(await sign({ groups: [] })) }, undefined, '/mcp');
  expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([403, null]);
});

test('refuses each kind of wrong token with 401, a challenge, and no word about it', async () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const [header = '', claims = '', signature = ''] = (await sign()).split('.');
  const publicKey = issuer.served.keys[0] ?? { kty: 'RSA' };
  const { privateKey: other } = await generateKeyPair('RS256');
  const { privateKey: curve } = await generateKeyPair('ES256');
  const shared = (secret: string) =>
    new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(secret));
  const signedBy = (key: CryptoKey, alg: string) =>
    new SignJWT(JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>)
      .setProtectedHeader({ alg, kid: 'one', jwk: publicKey })
      .sign(key);
  const wrong: Record<string, string> = {
    expired: await sign({}, { expires: now - 60 }),
    'not valid yet': await sign({ nbf: now + 600 }),
    'without expiry': `${header}.${encode({ iss: issuer.url, aud: 'crm', groups: ['sales'] })}.${signature}`,
    'of another issuer': await sign({ iss: 'https://login.example' }),
    'of an issuer with a slash': await sign({ iss: `${issuer.url}/` }),
    'for another audience': await sign({ aud: ['other', 'crm2'] }),
    unsigned: `${encode({ alg: 'none', kid: 'one' })}.${claims}.`,
    'unsigned in capitals': `${encode({ alg: 'NONE' })}.${claims}.${signature}`,
    'signed with the public key': await shared(JSON.stringify(publicKey)),
    'signed with the modulus': await shared(publicKey.n ?? ''),
    'of another key': await signedBy(other, 'RS256'),
    'of another algorithm': await signedBy(curve, 'ES256'),
    'with changed claims': `${header}.${encode({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), groups: ['support'] })}.${signature}`,
    'with a key id that is a path': await sign({}, { header: { alg: 'RS256', kid: '../../etc/passwd' } }),
    'with an empty signature': `${header}.${claims}.`,
    'of no parts': 'a.b.c',
    'of a static caller that is none': 'fsgql_none',
  };
  const before = sandbox.requests.length;
  for (const [what, token] of Object.entries(wrong)) {
    const response = await post({ query: NAME }, bearer(token));
    const { errors } = (await response.json()) as Answer;
    expect([what, response.status, errors?.[0]?.extensions.code]).toEqual([what, 401, 'UNAUTHENTICATED']);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  }
  expect(sandbox.requests.length).toBe(before);
  // A provider with one key may leave its id out.
  expect(await ask(await sign({}, { header: { alg: 'RS256' } }), NAME)).toMatchObject({
    data: { viewer: { name: 'Sales' } },
  });
});

test('a subscription ends with a clear message when its token has expired', async () => {
  const subscribe = subscriber(post);
  // Clocks may differ by 30 seconds.
  const expires = Math.floor(Date.now() / 1000) - 27;
  const live = await subscribe('subscription { changes { type } }', {}, bearer(await sign({}, { expires })));
  const hook = () =>
    fetch(`${base}/webhooks/freshsales/contact/updated`, {
      method: 'POST',
      headers: { 'x-webhook-secret': SECRET, 'content-type': 'application/json' },
      body: '{ "id": 1 }',
    });
  const expired = async () => (await post({ query: NAME }, bearer(await sign({}, { expires })))).status;
  await expect.poll(expired, { timeout: 10_000 }).toBe(401);
  expect((await hook()).status).toBe(202);
  expect(await live.next()).toMatchObject({
    event: 'next',
    result: {
      errors: [{ message: 'The token has expired. Sign in again.', extensions: { code: 'UNAUTHENTICATED' } }],
    },
  });
  expect(await live.next()).toMatchObject({ event: 'complete' });
});

test('subscriptions are counted for each person, and confirmations are theirs alone', async () => {
  const subscribe = subscriber(post);
  const open = async (sub: string) => {
    const live = await subscribe('subscription { changes { type } }', {}, bearer(await sign({ sub })));
    return live.response.status;
  };
  expect([await open('anna'), await open('ben'), await open('anna')]).toEqual([200, 200, 429]);
  const contact = sandbox.put('Contact', { first_name: 'To be deleted', last_name: null });
  const remove = `mutation { deleteContact(id: "${contact.id}") { deletedContactId } }`;
  const asked = await ask(await sign({ sub: 'anna' }), remove);
  const confirmationToken = asked.errors?.[0]?.extensions.confirmationToken;
  expect(confirmationToken).toEqual(expect.any(String));
  const byOther = await ask(await sign({ sub: 'ben' }), remove, { confirmationToken });
  expect(byOther.errors).toMatchObject([{ extensions: { code: 'CONFIRMATION_REQUIRED' } }]);
  expect(sandbox.requests.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  expect((await ask(await sign({ sub: 'anna' }), remove, { confirmationToken })).errors).toBeUndefined();
});

test('keys that the provider replaces are replaced, without a restart', async () => {
  const old = sign;
  sign = await issuer.addKey('two');
  expect(await ask(await sign(), NAME)).toMatchObject({ data: { viewer: { name: 'Sales' } } });
  expect((await post({ query: NAME }, bearer(await old()))).status).toBe(401);
});
