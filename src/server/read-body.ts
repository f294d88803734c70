import { badRequest, type Refusal } from './refusal.ts';

/** Reads the text of a body, counting it as it arrives: a length that is told may be wrong, and may not be told. */
export async function readBody(
  request: Request,
  maxBytes: number,
): Promise<{ readonly text: string } | { readonly refusal: Refusal }> {
  const tooLarge = { refusal: badRequest(`The body is larger than ${maxBytes} bytes (MAX_BODY_BYTES).`, 413) };
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge;
  try {
    const bytes = await bytesOf(request, maxBytes);
    return bytes ? { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) } : tooLarge;
  } catch (error) {
    const isEncoding =
      error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    return { refusal: badRequest(isEncoding ? 'The body is not valid UTF-8.' : 'The body ended early.') };
  }
}

async function bytesOf(request: Request, maxBytes: number): Promise<Uint8Array | undefined> {
  // A framework that read the body already, such as Express with express.json(), leaves no stream.
  if (!request.body) {
    const bytes = new TextEncoder().encode(await request.text());
    return bytes.byteLength > maxBytes ? undefined : bytes;
  }
  // Left half read, not cancelled: cancelling would break the connection before the response is out.
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
