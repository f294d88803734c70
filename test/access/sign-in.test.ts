import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import { hashOf, parseCallers } from '../../src/access/callers-file.ts';
import { createSignIn } from '../../src/access/sign-in.ts';
import { readConfig } from '../../src/config/config.ts';
import { connectTo } from '../../src/server/connect.ts';
import { createServer } from '../../src/server/create-server.ts';
import { openIssuer } from './issuer.ts';

async function openSignIn() {
  const issuer = await openIssuer();
  onTestFinished(issuer.close);
  const folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  const path = join(folder, 'callers.yaml');
  writeFileSync(
    path,
    `callers:
  - name: Script
    token: ${hashOf('static-token')}
    grants: { deals: read }
  - name: Sales
    grants: { contacts: read }
jwt:
  issuer: ${issuer.url}
  audience: crm
  rules:
    - { claim: groups, includes: sales, caller: Sales, user: email }
    - { claim: realm.role, equals: admin, caller: Script }
    - { claim: email, equals: boss@example.com, caller: Script }
`,
  );
  const connection = await connectTo(
    readConfig({ FRESHSALES_AUTH: 'jwt', FRESHSALES_CALLERS: path, AUDIT_LOG: 'off' }),
  );
  onTestFinished(async () => {
    connection.callers?.close();
    await connection.close();
  });
  const { fetch } = createServer({ connect: connection.connect });
  const ask = async (token?: string, query = '{ viewer { name } }') => {
    const response = await fetch('http://127.0.0.1/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query }),
    });
    const { data, errors } = (await response.json()) as {
      data?: { viewer?: { name: string } };
      errors?: { message: string; extensions: { code: string } }[];
    };
    const { status, headers } = response;
    const [error] = errors ?? [];
    return { status, headers, name: data?.viewer?.name, code: error?.extensions.code, message: error?.message };
  };
  return { ...issuer, ask };
}

test('a person who signs in is the caller of the first rule that fits, with its grants', async () => {
  const { ask, addKey } = await openSignIn();
  const sign = await addKey('one');
  expect(await ask(await sign())).toMatchObject({ status: 200, name: 'Sales' });
  expect(await ask(await sign({ groups: 'crm sales' }))).toMatchObject({ name: 'Sales' });
  expect(await ask(await sign({ groups: [], realm: { role: 'admin' } }))).toMatchObject({ name: 'Script' });
  expect(await ask(await sign(), '{ deals { nodes { id } } }')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await ask('static-token')).toMatchObject({ status: 200, name: 'Script' });
});

test('a valid token without a rule or without the user is forbidden', async () => {
  const { ask, addKey } = await openSignIn();
  const sign = await addKey('one');
  for (const claims of [{ groups: ['salespeople'] }, { email: undefined }, { email_verified: false }])
    expect(await ask(await sign(claims))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
});

test('a rule on the e-mail address does not fit an unverified one, whatever its flag is instead of true', async () => {
  const { ask, addKey } = await openSignIn();
  const sign = await addKey('one');
  const boss = { groups: [], email: 'boss@example.com' };
  for (const email_verified of [false, 'false', 'False', 0, null, 'no'])
    for (const claims of [{ email_verified }, { ...boss, email_verified }])
      expect(await ask(await sign(claims))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  expect(await ask(await sign({ ...boss, email_verified: true }))).toMatchObject({ status: 200, name: 'Script' });
});

test('refuses tokens that are expired, forged, for others or unsigned', async () => {
  const { ask, addKey, served } = await openSignIn();
  const forger = await addKey('one');
  const sign = await addKey('one');
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const [, claims = ''] = (await sign()).split('.');
  const secret = new TextEncoder().encode(JSON.stringify(served.keys[0]));
  const tokens = [
    undefined,
    'no-token',
    'a.b.c',
    await sign({}, { expires: '-1m' }),
    await sign({ aud: 'other' }),
    await sign({ nbf: Math.floor(Date.now() / 1000) + 600 }),
    await forger(),
    `${encode({ alg: 'none' })}.${claims}.`,
    await new SignJWT({ groups: ['sales'] })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setExpirationTime('5m')
      .sign(secret),
  ];
  for (const token of tokens) {
    const { status, code, headers } = await ask(token);
    expect([token, status, code]).toEqual([token, 401, 'UNAUTHENTICATED']);
    expect(headers.get('www-authenticate')).toBe('Bearer');
  }
});

test('new keys of the issuer are accepted at once, and made-up ones do not cause endless requests', async () => {
  const { ask, addKey, served } = await openSignIn();
  const old = await addKey('one');
  expect(await ask(await old())).toMatchObject({ status: 200 });
  const sign = await addKey('two');
  expect(await ask(await sign())).toMatchObject({ status: 200 });
  expect(await ask(await old())).toMatchObject({ status: 401 });
  const { privateKey } = await generateKeyPair('RS256');
  for (let index = 0; index < 30; index += 1) {
    const header = { alg: 'RS256', kid: `made up ${index}` };
    const forged = await new SignJWT({}).setProtectedHeader(header).setExpirationTime('5m').sign(privateKey);
    expect(await ask(forged)).toMatchObject({ status: 401 });
  }
  expect(served.requests.length).toBeLessThan(15);
  expect(await ask(await sign())).toMatchObject({ status: 200 });
});

test('an issuer that cannot be reached is said to be, and known keys stay in use', async () => {
  const { ask, addKey, served } = await openSignIn();
  const sign = await addKey('one');
  served.isDown = true;
  const down = await ask(await sign());
  expect(down).toMatchObject({ status: 503, code: 'SIGN_IN_UNAVAILABLE' });
  expect(down.headers.get('retry-after')).toBe('5');
  served.isDown = false;
  await expect.poll(async () => (await ask(await sign())).status, { timeout: 10_000 }).toBe(200);
  served.isDown = true;
  expect(await ask(await sign())).toMatchObject({ status: 200 });
});

test('the operator is told once why a token that the issuer signed is refused', async () => {
  const { url, addKey, close } = await openIssuer();
  onTestFinished(close);
  const sign = await addKey('one');
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const rules = [{ claim: 'groups', includes: 'sales', caller: 'Sales', user: 'email' }];
  const signIn = createSignIn({ issuer: url, audience: 'crm', rules }, { warn });
  const refused = [{ aud: 'shop' }, { iss: 'http://other.example' }, { groups: 'finance' }, { email: undefined }];
  for (const claims of [...refused, ...refused]) await expect(signIn(await sign(claims))).rejects.toThrow();
  expect(warnings).toEqual([
    `A token of ${url} was refused: its claim “aud” is "shop". If it is meant for this server, set audience to that.`,
    `A token of ${url} was refused: its claim “iss” is "http://other.example". If it is meant for this server, set issuer to that.`,
    `A token of ${url} was refused: no rule fits. It has the claims iss, aud, sub, groups, email, exp.`,
    `A token of ${url} was refused: it lacks the claim “email”, which names the Freshsales user. It has the claims iss, aud, sub, groups, exp.`,
  ]);

  for (let index = 0; index < 50; index += 1)
    await expect(signIn(await sign({ aud: `shop ${index}` }))).rejects.toThrow();
  expect(warnings).toHaveLength(20);
});

test.each([
  ['31000012345', '31000012345'],
  [31000012345, '31000012345'],
  ['anna@example.com', 'anna@example.com'],
])('the claim %j names the user', async (claim, user) => {
  const { url, addKey, close } = await openIssuer();
  onTestFinished(close);
  const sign = await addKey('one');
  const rules = [{ claim: 'groups', includes: 'sales', caller: 'Sales', user: 'crm_user' }];
  const signIn = createSignIn({ issuer: url, audience: 'crm', rules }, { warn: () => {} });
  expect(await signIn(await sign({ crm_user: claim }))).toMatchObject({ caller: 'Sales', user });
  for (const wrong of [1.5, 2 ** 60, true, ['31000012345'], null, ''])
    await expect(signIn(await sign({ crm_user: wrong }))).rejects.toThrow('names your Freshsales user');
});

test('forged and expired tokens are not reported', async () => {
  const { url, addKey, close } = await openIssuer();
  onTestFinished(close);
  const forge = await addKey('one');
  const sign = await addKey('one');
  const warn = vi.fn();
  const rules = [{ claim: 'groups', includes: 'sales', caller: 'Sales' }];
  const signIn = createSignIn({ issuer: url, audience: 'crm', rules }, { warn });
  for (const token of [await forge({ aud: 'shop' }), await sign({}, { expires: 1000 })])
    await expect(signIn(token)).rejects.toThrow();
  expect(warn).not.toHaveBeenCalled();
});

test('the reason why the issuer cannot be reached is that of the connection', async () => {
  const { url, addKey, close } = await openIssuer();
  const sign = await addKey('one');
  const token = await sign();
  close();
  const warn = vi.fn();
  const rules = [{ claim: 'groups', includes: 'sales', caller: 'Sales' }];
  const signIn = createSignIn({ issuer: url, audience: 'crm', rules }, { warn });
  await expect(signIn(token)).rejects.toThrow('The sign-in provider cannot be reached');
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/cannot be read \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)/));
});

test('what is no token of the provider says which one to send', async () => {
  const { ask } = await openSignIn();
  expect(await ask()).toMatchObject({
    status: 401,
    message: expect.stringMatching(/^Sign in, and send the access token/),
  });
  expect(await ask('opaque')).toMatchObject({
    status: 401,
    message: expect.stringMatching(
      /neither a JWT nor the token of a caller\. Request an access token for the audience/,
    ),
  });
});

const jwt = (rest: string) => `callers:\n  - name: A\n    token: ${'a'.repeat(64)}\njwt:\n${rest}`;
const RULES = '  rules: [{ claim: a, equals: b, caller: A }]\n';

test.each([
  ['callers: []\n', /“jwt” is missing, which FRESHSALES_AUTH=jwt needs/],
  [
    jwt(`  issuer: http://login.example\n  audience: crm\n${RULES}`),
    /^callers\.yaml:5: issuer must be an https:\/\/ URL/,
  ],
  [jwt(`  issuer: https://login.example\n${RULES}`), /audience must be a text or a list/],
  [
    jwt(`  issuer: https://login.example\n  audience: crm\n  jwks: http://a.example\n${RULES}`),
    /^callers\.yaml:7: jwks must be/,
  ],
  [jwt('  issuer: https://login.example\n  audience: crm\n  rules: []'), /^callers\.yaml:7: rules is empty/],
  [
    jwt('  issuer: https://login.example\n  audience: crm\n  rules:\n    - { claim: a, caller: A }'),
    /^callers\.yaml:8: a rule has either/,
  ],
  [
    jwt('  issuer: https://login.example\n  audience: crm\n  rules:\n    - { claim: a, equals: b, caller: B }'),
    /^callers\.yaml:8: there is no caller “B”/,
  ],
  [
    jwt(`  issuer: https://login.example\n  audience: crm\n  key: x\n${RULES}`),
    /^callers\.yaml:7: “key” is unknown here\. Use one of issuer/,
  ],
])('refuses %j', (text, message) => {
  const options = { path: 'callers.yaml', fieldsOf: () => [], keyNamed: (name: string) => name, signsIn: true };
  expect(() => parseCallers(text, options)).toThrow(message);
});

test('needs a file of callers', () => {
  expect(() => readConfig({ FRESHSALES_AUTH: 'jwt' })).toThrow(/^FRESHSALES_AUTH=jwt needs a file of callers/);
});

test('the callers files in docs/sign-in.md are valid', () => {
  const page = readFileSync(new URL('../../docs/sign-in.md', import.meta.url), 'utf8');
  const texts = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  const options = { path: 'callers.yaml', fieldsOf: () => [], keyNamed: (name: string) => name, signsIn: true };
  expect(texts.map((text) => parseCallers(text, options).jwt?.rules.length)).toEqual([2, 1]);
});
