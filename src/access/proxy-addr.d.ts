/** proxy-addr brings no types; this is what we use of it. */
declare module 'proxy-addr' {
  /** True if an address, so many hops away, is one of a trusted proxy. */
  export type Trust = (address: string, hop: number) => boolean;

  interface ForwardedRequest {
    readonly headers: { readonly 'x-forwarded-for'?: string };
    readonly socket: { readonly remoteAddress: string };
  }

  interface ProxyAddr {
    /** The addresses from the nearest to the first that is not trusted. */
    all(request: ForwardedRequest, trust: Trust): string[];
    /** @throws TypeError unless all are addresses, networks or names of ranges. */
    compile(trusted: readonly string[]): Trust;
  }

  const proxyAddr: ProxyAddr;
  export default proxyAddr;
}
