import type { GraphQLParams } from 'graphql-yoga';
import { parseJson } from './json.ts';
import { badRequest, type Refusal } from './refusal.ts';

const TEXTS = ['query', 'operationName', 'documentId'];
const OBJECTS = ['variables', 'extensions'];

export type Params = { readonly params: GraphQLParams } | { readonly refusal: Refusal };

/** The parameters of an operation in a body. */
export function paramsOf(body: unknown): Params {
  if (Array.isArray(body)) return { refusal: badRequest('Send one operation at a time: batching is not supported.') };
  if (typeof body !== 'object' || body === null) return { refusal: badRequest('The body is not a JSON object.') };
  for (const [name, value] of Object.entries(body)) {
    // Names and values are not repeated: they may be anything, and of any length.
    if (value === null) continue;
    if (TEXTS.includes(name) ? typeof value !== 'string' : OBJECTS.includes(name) && !isObject(value))
      return { refusal: badRequest(`“${name}” is not ${TEXTS.includes(name) ? 'a string' : 'an object'}.`) };
    if (!TEXTS.includes(name) && !OBJECTS.includes(name))
      return { refusal: badRequest(`The body has an unknown parameter. Send ${[...TEXTS, ...OBJECTS].join(', ')}.`) };
  }
  return { params: body };
}

/** The parameters of an operation in the address. Others are left to whoever put them there. */
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

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
