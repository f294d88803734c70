import { GraphQLError } from 'graphql';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import { z } from 'zod';

const text = (what: string) => z.string({ error: `${what} must be a text` }).min(1, { error: `${what} is empty` });

const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);

/** Over plain HTTP, anyone on the network could replace the keys. */
function isSafe(given: string): boolean {
  if (!URL.canParse(given)) return false;
  const { protocol, hostname } = new URL(given);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

const address = (what: string) =>
  text(what).refine(isSafe, { error: `${what} must be an https:// URL. http:// is accepted for this machine only` });

const value = z
  .union([z.string(), z.number(), z.boolean()], { error: 'equals and includes take a text' })
  .transform(String);

const rule = z
  .strictObject(
    {
      claim: text('claim'),
      equals: value.optional(),
      includes: value.optional(),
      caller: text('caller'),
      user: text('user').optional(),
    },
    { error: 'a rule is a map with “claim”, “equals” or “includes”, and “caller”' },
  )
  .refine(({ equals, includes }) => (equals === undefined) !== (includes === undefined), {
    error: 'a rule has either “equals” or “includes”',
  });

/** The part `jwt` of a callers file. */
export const signInShape = z.strictObject(
  {
    issuer: address('issuer'),
    audience: z.union([text('audience'), z.array(text('audience')).min(1)], {
      error: 'audience must be a text or a list',
    }),
    jwks: address('jwks').optional(),
    rules: z.array(rule, { error: 'rules must be a list' }).min(1, { error: 'rules is empty. Add a rule' }),
  },
  { error: 'jwt must be a map with “issuer”, “audience” and “rules”' },
);

export type SignInSettings = z.infer<typeof signInShape>;

/** Keys that are known in `jwt` and in its rules. */
export const signInKeys = (path: readonly PropertyKey[]): readonly string[] =>
  Object.keys(path.length === 1 ? signInShape.shape : rule.shape);

/** Who signed in. */
export interface SignedIn {
  /** Name of the caller in the callers file. */
  readonly caller: string;
  /** The claim `sub`. Undefined without one. */
  readonly subject: string | undefined;
  /** The claim that names the Freshsales user, such as an e-mail address. */
  readonly user: string | undefined;
}

/** Finds out who sent a token. Throws UNAUTHENTICATED, FORBIDDEN or SIGN_IN_UNAVAILABLE. */
export type SignIn = (token: string) => Promise<SignedIn>;

const RSA = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];
const CURVES = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** Public keys only: with a secret, everybody who can verify a token can make one. */
const ALGORITHMS = [...RSA, ...CURVES];

/** Clocks differ. */
const CLOCK_TOLERANCE_S = 30;

const FETCH_MS = 5000;

/** Keys are read again after this time, and when a token names an unknown one. */
const KEYS_FOR_MS = 600_000;

/** While the issuer cannot be reached, known keys are used for an hour. */
const STALE_KEYS_FOR_MS = 3_600_000;

/** A failed request is not repeated for this time. */
const PAUSE_MS = 2000;

/** Requests for keys within a minute. Made-up key ids would cause one each. */
const MAX_FETCHES = 10;

class TooManyFetches extends Error {}

interface SignInOptions {
  readonly fetch?: typeof globalThis.fetch;
  /** Receives why the keys of the issuer cannot be read, and once each why a token that it signed is refused. */
  readonly warn: (text: string) => void;
  readonly now?: () => number;
}

/** Verifies the tokens of an OpenID provider. Loads jose with the first one. */
export function createSignIn(settings: SignInSettings, options: SignInOptions): SignIn {
  let loading: ReturnType<typeof verifierFor> | undefined;
  const report = onceEach((reason) => options.warn(`A token of ${settings.issuer} was refused: ${reason}`));
  return async (token) => {
    loading ??= verifierFor(settings, options, report);
    return signedInBy(settings, await (await loading)(token), report);
  };
}

/** Reasons that are remembered. Further ones are not reported, so that nobody can fill the log. */
const MAX_REPORTS = 20;

function onceEach(report: (reason: string) => void) {
  const known = new Set<string>();
  return (reason: string) => {
    if (known.has(reason) || known.size >= MAX_REPORTS) return;
    known.add(reason);
    report(reason);
  };
}

async function verifierFor(
  settings: SignInSettings,
  options: SignInOptions,
  report: (reason: string) => void,
): Promise<(token: string) => Promise<JWTPayload>> {
  const { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, jwtVerify } = await import('jose');
  const fetchKeys = createKeyFetch(settings, options);
  const remote = createRemoteJWKSet(new URL(settings.jwks ?? settings.issuer), {
    [customFetch]: fetchKeys.fetch,
    cooldownDuration: 0,
    cacheMaxAge: KEYS_FOR_MS,
    timeoutDuration: FETCH_MS,
  });
  const keyOf: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      const known = remote.jwks();
      if (error instanceof TooManyFetches && known) throw new errors.JWKSNoMatchingKey();
      if (known && fetchKeys.ageMs() < STALE_KEYS_FOR_MS)
        return createLocalJWKSet(known)(header, token).catch(() => {
          throw unavailable();
        });
      throw unavailable();
    }
  };
  const verifyOptions: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp'],
  };
  return async (token) => {
    try {
      return (await jwtVerify(token, keyOf, verifyOptions)).payload;
    } catch (error) {
      if (error instanceof GraphQLError) throw error;
      // The signature was checked first, so the settings may be wrong.
      const problem = error instanceof errors.JWTClaimValidationFailed && claimProblem(error.claim, error.payload);
      if (problem) report(problem);
      throw refused(error instanceof errors.JWTExpired ? 'The token has expired. Sign in again.' : NOT_VALID);
    }
  };
}

/** Settings by the claim that they must match. */
const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['iss', 'issuer'],
  ['aud', 'audience'],
]);

/** Undefined for times, which pass without a change of the settings. */
function claimProblem(claim: string, payload: JWTPayload): string | undefined {
  if (payload[claim] === undefined) return `it lacks the claim “${claim}”. Have the provider add it.`;
  const setting = EXPECTED.get(claim);
  const given = JSON.stringify(payload[claim]).slice(0, 200);
  return setting && `its claim “${claim}” is ${given}. If it is meant for this server, set ${setting} to that.`;
}

const NOT_VALID = 'The token is not valid. Send one that your sign-in provider issued for this server.';

/** Fetches the keys, from the address that the issuer announces unless it is configured. */
function createKeyFetch({ issuer, jwks }: SignInSettings, options: SignInOptions) {
  const { fetch = globalThis.fetch, warn, now = () => performance.now() } = options;
  let found = jwks;
  let failedAt = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let reported = '';
  let fetches: number[] = [];
  const json = async (url: string, init: RequestInit) => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    if (response.status !== 200) throw new Error(`${new URL(url).host} answered HTTP ${response.status}`);
    return response;
  };
  const discover = async (init: RequestInit): Promise<string> => {
    const response = await json(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, init);
    const document = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (document.issuer !== issuer)
      throw new Error(`the issuer calls itself ${JSON.stringify(document.issuer)}. Set issuer to exactly that`);
    if (typeof document.jwks_uri !== 'string' || !isSafe(document.jwks_uri))
      throw new Error('the issuer names no https:// address of its keys');
    return document.jwks_uri;
  };
  return {
    ageMs: () => now() - readAt,
    fetch: async (_url: string, init: RequestInit): Promise<Response> => {
      if (now() - failedAt < PAUSE_MS) throw new Error('failed a moment ago');
      fetches = fetches.filter((at) => now() - at < 60_000);
      if (fetches.length >= MAX_FETCHES) throw new TooManyFetches();
      fetches.push(now());
      try {
        found ??= await discover(init);
        const response = await json(found, init);
        readAt = now();
        reported = '';
        return response;
      } catch (error) {
        failedAt = now();
        found = jwks;
        const { message, cause } = error as Error;
        // fetch has a message of two words, and the reason in its cause.
        const reason = cause instanceof Error && cause.message ? cause.message : message;
        if (reason !== reported) warn(`The keys of ${issuer} cannot be read (${reason}). People cannot sign in.`);
        reported = reason;
        throw error;
      }
    },
  };
}

const refused = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } } });

const unavailable = () =>
  new GraphQLError('The sign-in provider cannot be reached, so tokens cannot be checked. Try again later.', {
    extensions: { code: 'SIGN_IN_UNAVAILABLE', retryAfter: 5, http: { status: 503 } },
  });

const forbidden = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });

/** The most that OpenID allows. */
const MAX_SUBJECT = 255;

/** The first rule that the claims fulfil. */
function signedInBy({ rules }: SignInSettings, claims: JWTPayload, report: (reason: string) => void): SignedIn {
  const found = rules.find(({ claim, equals, includes }) => {
    const given = claimOf(claims, claim);
    return equals === undefined ? listOf(given).includes(includes ?? '') : isScalar(given) && String(given) === equals;
  });
  const names = () => `It has the claims ${Object.keys(claims).join(', ').slice(0, 300)}.`;
  if (!found) {
    report(`no rule fits. ${names()}`);
    throw forbidden('You are signed in, but no rule of this server admits you. Ask its operator for access.');
  }
  const { caller, claim, user: userClaim } = found;
  // Anyone may claim an address that nobody verified. Some providers send no flag, and some a text.
  const isVerified = claims.email_verified === undefined || String(claims.email_verified).toLowerCase() === 'true';
  if (!isVerified && [claim, userClaim].includes('email'))
    throw forbidden('The e-mail address in the token is not verified. Verify it with your sign-in provider.');
  const subject = typeof claims.sub === 'string' ? claims.sub.slice(0, MAX_SUBJECT) : undefined;
  if (userClaim === undefined) return { caller, subject, user: undefined };
  const named = claimOf(claims, userClaim);
  // Some providers send the id of the user as a number.
  const user = Number.isSafeInteger(named) ? String(named) : named;
  if (typeof user !== 'string' || user === '') {
    report(`it lacks the claim “${userClaim}”, which names the Freshsales user. ${names()}`);
    throw forbidden(
      `The token lacks the claim “${userClaim}”, which names your Freshsales user. Ask the operator of this server to have the provider add it.`,
    );
  }
  return { caller, subject, user };
}

const isScalar = (given: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof given);

/** A claim by its name, or by its path: `realm_access.roles`. Names may contain dots, as URLs do. */
function claimOf(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((given, key) => {
    const isMap = typeof given === 'object' && given !== null && Object.hasOwn(given, key);
    return isMap ? (given as Readonly<Record<string, unknown>>)[key] : undefined;
  }, claims);
}

/** The items of a list, or the words of a text such as `scope`. */
const listOf = (given: unknown): readonly string[] =>
  Array.isArray(given) ? given.filter(isScalar).map(String) : typeof given === 'string' ? given.split(/\s+/) : [];
