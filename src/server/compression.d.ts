/** compression brings no types; this is what we use of it. */
declare module 'compression' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Options {
    /** True if a response is worth compressing. */
    readonly filter: (request: IncomingMessage, response: ServerResponse) => boolean;
    /** Bytes below which a response is not compressed. */
    readonly threshold: number;
  }

  interface Compression {
    (options: Options): (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
    /** True for media types that compress well. */
    filter(request: IncomingMessage, response: ServerResponse): boolean;
  }

  const compression: Compression;
  export default compression;
}
