import type { Plugin } from 'graphql-yoga';
import { refusal } from './refusal.ts';

const JSON_TYPE = 'application/json';

/**
 * Takes GraphQL as JSON and nothing else. What a form or a plain link of a foreign page can send without asking
 * (form-encoded, multipart, text/plain) is refused, and a body is read no further than the limit.
 */
export const useJsonOnly = (maxBodyBytes: number): Plugin => ({
  async onRequest({ request, url, endResponse, requestHandler, setRequestHandler }) {
    if (url.pathname !== '/graphql') return;
    const broken = ['variables', 'extensions'].find((name) => !isJson(url.searchParams.get(name)));
    if (broken) return endResponse(refusal(400, `“${broken}” in the address is not JSON.`));
    if (request.method !== 'POST') return;
    const contentType = request.headers.get('content-type') ?? '';
    if (contentType.split(';')[0]?.trim().toLowerCase() !== JSON_TYPE)
      return endResponse(refusal(415, 'Send the operation as JSON, with the header “content-type: application/json”.'));
    if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return endResponse(tooLarge(maxBodyBytes));
    // Yoga knows the type in this spelling only, and HTTP in any.
    const isPlain = contentType === JSON_TYPE || contentType.startsWith(`${JSON_TYPE};`);
    // A chunked body tells no length; it is counted as it comes.
    if (isPlain && (request.headers.has('content-length') || !request.body)) return;
    const body = request.body ? await readAtMost(request.body, maxBodyBytes) : new Uint8Array();
    if (!body) return endResponse(tooLarge(maxBodyBytes));
    const { method, signal } = request;
    const headers = new Headers([...request.headers]);
    headers.set('content-type', JSON_TYPE);
    setRequestHandler((_request, context) =>
      requestHandler(new Request(request.url, { method, headers, signal, body }), context),
    );
  },
});

function isJson(text: string | null): boolean {
  try {
    return text === null || text === '' || JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

const tooLarge = (limit: number) => refusal(413, `The request is larger than ${limit} bytes (MAX_BODY_BYTES).`);

/** Left half read, not cancelled: cancelling would break the connection before the answer is out. */
async function readAtMost(
  stream: ReadableStream<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(chunks));
    size += value.byteLength;
    if (size > limit) return undefined;
    chunks.push(value);
  }
}
