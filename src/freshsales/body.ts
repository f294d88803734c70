import { FreshsalesError } from './errors.ts';

export interface ReadOptions {
  /** Bytes after decompression. */
  readonly maxBytes: number;
  /** Aborts the read. */
  readonly signal: AbortSignal;
  readonly status: number;
}

/** Reads a body as text. Stops at the limit and closes the connection, so that no response can exhaust memory. */
export async function readText(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, signal, status }: ReadOptions,
): Promise<string> {
  if (!body) return '';
  const reader = body.getReader();
  const stop = () => discard(reader);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) throw tooLarge(maxBytes, status);
      chunks.push(value);
    }
    return withoutMark(Buffer.concat(chunks, size).toString('utf8'));
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Closes the connection of an unread body. */
export function discard(body: Pick<ReadableStream, 'cancel'> | null): void {
  // It may have failed already.
  body?.cancel().catch(() => undefined);
}

const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text);

const tooLarge = (maxBytes: number, status: number) =>
  new FreshsalesError(
    'UPSTREAM_ERROR',
    `The response from Freshsales is larger than ${maxBytes} bytes. Request fewer records, or raise FRESHSALES_MAX_RESPONSE_BYTES.`,
    { status },
  );
