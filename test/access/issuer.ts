import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

interface TokenOptions {
  readonly expires?: string | number;
  readonly header?: JWTHeaderParameters;
}

/** An OpenID provider on this machine, whose keys the test replaces. */
export async function openIssuer() {
  const served = { keys: [] as JWK[], isDown: false, requests: [] as string[] };
  const server = createServer((request, response) => {
    served.requests.push(request.url ?? '');
    if (served.isDown) return void response.writeHead(500).end();
    const body = request.url === '/keys' ? { keys: served.keys } : { issuer: url(), jwks_uri: `${url()}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  /** Replaces the keys by a new one. Returns what signs tokens with it. */
  const addKey = async (kid: string) => {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    served.keys = [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256' }];
    return (claims: JWTPayload = {}, { expires = '5m', header }: TokenOptions = {}) =>
      new SignJWT({ iss: url(), aud: 'crm', sub: 'user-1', groups: ['sales'], email: 'anna@example.com', ...claims })
        .setProtectedHeader(header ?? { alg: 'RS256', kid })
        .setExpirationTime(expires)
        .sign(privateKey);
  };
  return { served, url: url(), addKey, close: () => void server.close() };
}
