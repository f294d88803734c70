import type { GraphQLParams } from 'graphql-yoga';
import { isObject, withExactNumbers } from '../freshsales/json.ts';
import { badRequest, type Refusal } from './errors.ts';

interface Refused {
  readonly refusal: Refusal;
}

export type Params = { readonly params: GraphQLParams } | Refused;
type Json = { readonly value: unknown } | Refused;

/** Reads a JSON body. Other media types are refused, because a form or a link on any web page can send those. */
export async function jsonOf(request: Request, maxBytes: number): Promise<Json> {
  const [mediaType = ''] = (request.headers.get('content-type') ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json')
    return { refusal: badRequest('Send JSON, with the header “content-type: application/json”.', 415) };
  const encoding = request.headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity')
    return { refusal: badRequest('Send the body without compression (content-encoding).', 415) };
  const body = await textOf(request, maxBytes);
  return 'refusal' in body ? body : parseJson(body.text, 'The body');
}

/** Reads a body of any media type as text. */
export async function anyTextOf(request: Request, maxBytes: number): Promise<Json> {
  const body = await textOf(request, maxBytes, { fatal: false });
  return 'refusal' in body ? body : { value: body.text };
}

/** Reads a body as text, counting its bytes as they arrive: Content-Length may be wrong or missing. */
async function textOf(
  request: Request,
  maxBytes: number,
  { fatal = true } = {},
): Promise<{ readonly text: string } | Refused> {
  const tooLarge = { refusal: badRequest(`The body is larger than ${maxBytes} bytes (MAX_BODY_BYTES).`, 413) };
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  try {
    const bytes = await bytesOf(request, maxBytes);
    return bytes ? { text: new TextDecoder('utf-8', { fatal }).decode(bytes) } : tooLarge;
  } catch (error) {
    const isEncoding =
      error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    return { refusal: badRequest(isEncoding ? 'The body is not valid UTF-8.' : 'The body ended early.') };
  }
}

async function bytesOf(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  // A framework that has already read the body, such as Express with express.json(), leaves no stream.
  if (!request.body) {
    const bytes = new TextEncoder().encode(await request.text());
    return bytes.byteLength > maxBytes ? undefined : bytes;
  }
  // A body that is too large is left half read. Canceling the reader would close the connection before the response is sent.
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks);
    size += value.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(value);
  }
}

/** Levels of objects and lists. Real operations need fewer than ten. */
const MAX_JSON_DEPTH = 64;

/** Assigning to this key changes the prototype of an object. */
const FORBIDDEN_KEY = '__proto__';

/** Parses JSON of a caller. Messages do not quote it. */
function parseJson(text: string, what: string): Json {
  // Numbers that would lose digits become strings. A megabyte of brackets would take half a second to parse.
  const exact = withExactNumbers(text, MAX_JSON_DEPTH);
  if (exact === undefined)
    return { refusal: badRequest(`${what} is nested deeper than ${MAX_JSON_DEPTH} levels, or has too many parts.`) };
  let value: unknown;
  try {
    value = JSON.parse(exact);
  } catch {
    return { refusal: { ...badRequest(`${what} is not valid JSON.`), isParseError: true } };
  }
  const isForbidden = (text.includes(FORBIDDEN_KEY) || text.includes('\\u')) && hasForbiddenKey(value);
  return isForbidden ? { refusal: badRequest(`${what} has a key “${FORBIDDEN_KEY}”.`) } : { value };
}

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, FORBIDDEN_KEY) || Object.values(value).some(hasForbiddenKey);
}

const TEXTS = ['query', 'operationName', 'documentId'];
const OBJECTS = ['variables', 'extensions'];

/** The parameters of an operation in a body. */
export function paramsOf(body: unknown): Params {
  if (Array.isArray(body)) return { refusal: badRequest('Send one operation at a time: batching is not supported.') };
  if (typeof body !== 'object' || body === null) return { refusal: badRequest('The body is not a JSON object.') };
  for (const [name, value] of Object.entries(body)) {
    // Unknown names and wrong values are not quoted: they may be of any length.
    if (value === null) continue;
    if (TEXTS.includes(name) ? typeof value !== 'string' : OBJECTS.includes(name) && !isObject(value))
      return { refusal: badRequest(`“${name}” is not ${TEXTS.includes(name) ? 'a string' : 'an object'}.`) };
    if (!TEXTS.includes(name) && !OBJECTS.includes(name))
      return { refusal: badRequest(`The body has an unknown parameter. Send ${[...TEXTS, ...OBJECTS].join(', ')}.`) };
  }
  return { params: body };
}

/** The parameters of an operation in the URL. Other parameters are ignored. */
export function paramsInUrl({ searchParams }: URL): Params {
  const params: Record<string, unknown> = {};
  for (const name of TEXTS) {
    const text = searchParams.get(name);
    if (text) params[name] = text;
  }
  for (const name of OBJECTS) {
    const text = searchParams.get(name);
    if (!text) continue;
    const json = parseJson(text, `“${name}” in the URL`);
    if ('refusal' in json) return json;
    params[name] = json.value;
  }
  return paramsOf(params);
}
