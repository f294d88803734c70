import { FreshsalesError } from './errors.ts';

interface Circumstances {
  readonly signal: AbortSignal | undefined;
  readonly timeout: AbortSignal;
  /** Status and headers arrived. */
  readonly isAnswered: boolean;
  /** Host of the proxy that calls go through. */
  readonly proxy: string | undefined;
}

export function failureOf(cause: unknown, { signal, timeout, isAnswered, proxy }: Circumstances): unknown {
  if (cause instanceof FreshsalesError) return cause;
  if (signal?.aborted) return signal.reason;
  const through = proxy === undefined ? '' : ` through the proxy ${proxy} (HTTPS_PROXY)`;
  if (timeout.aborted) return new FreshsalesError('UPSTREAM_TIMEOUT', `Freshsales did not answer in time${through}.`);
  // The cause contains the URL and the key. Only its code (ECONNREFUSED, ENOTFOUND …) is kept.
  const reason = reasonOf(cause);
  const told = reason && ` (${reason})`;
  const message = isAnswered
    ? `Freshsales closed the connection during its response${told}.`
    : `Freshsales could not be reached${through}${told}.${UNKNOWN_AUTHORITY.has(reason) ? HOW_TO_TRUST : ''}`;
  return new FreshsalesError('UPSTREAM_ERROR', message, { neverArrived: !isAnswered && isUnreached(cause) });
}

/** The certificate is signed by an authority that this process does not know. */
const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
]);

const HOW_TO_TRUST =
  ' Its certificate is signed by an authority that Node.js does not know, such as that of a company network. Set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority, and start again.';

/** No connection was made, so nothing was sent. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ECONNECT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_NODATA',
  'EAI_NONAME',
  'EAI_SERVICE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_URL',
  'ERR_INVALID_PROTOCOL',
  // The certificate was refused, or the two sides have no protocol in common.
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'HOSTNAME_MISMATCH',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_UNSUPPORTED_PROTOCOL',
  'ERR_SSL_VERSION_TOO_LOW',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_UNKNOWN_PROTOCOL',
]);

/** Families of such codes: `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, `ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`. */
const UNREACHED_FAMILIES =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_ALERT_(?:HANDSHAKE|PROTOCOL|NO_APPLICATION|CERTIFICATE|BAD_CERTIFICATE)|ERR_SSL_TLSV1_UNRECOGNIZED_NAME)/;

/** A broken handshake has the code of any broken connection. */
const HANDSHAKE = 'before secure TLS connection was established';

/** True if the request surely was not sent. A connection that broke later may have delivered it. */
function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall, cause } = error as Error & { code?: unknown; syscall?: unknown };
  if (typeof code === 'string' && (UNREACHED.has(code) || UNREACHED_FAMILIES.test(code))) return true;
  if (refusalOfProxy(error)) return true;
  if (syscall === 'connect' || syscall === 'getaddrinfo' || error.message.includes(HANDSHAKE)) return true;
  // Addresses of both families were tried.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isUnreached);
  return isUnreached(cause);
}

/** The status with which a proxy refused to connect. */
const refusalOfProxy = ({ message }: Error): string | undefined => /^Proxy response \((\d{3})\)/.exec(message)?.[1];

/** The system's error code, from the end of fetch's chain of causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const status = refusalOfProxy(error);
  if (status !== undefined) return `the proxy answered HTTP ${status}`;
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : reasonOf(error.cause);
}
