import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';

/** What the calls so far say about Freshsales. Costs no calls of its own. */
export interface FreshsalesStatus {
  /** Freshsales has answered at least once. */
  readonly hasAnswered: boolean;
  /** Calls in a row that failed: no response, HTTP 5xx, a redirect, or a page in place of JSON. */
  readonly failures: number;
  /** Freshsales refused the key of this server. */
  readonly isKeyRefused: boolean;
  /** When the last call ended, by the clock of the watch. Undefined before the first. */
  readonly lastAt: number | undefined;
}

export interface FreshsalesWatch {
  readonly status: FreshsalesStatus;
  /** Watches the calls of a key. Only a refusal of the server's own key counts: callers may bring wrong ones. */
  meterFor(key: { readonly isOwn: boolean }): Meter;
  /** Reports an attempt that was made without a key. */
  report(isAnswered: boolean): void;
}

/** Derives the state of Freshsales from calls that are made anyway. */
export function createFreshsalesWatch(now: () => number = () => performance.now()): FreshsalesWatch {
  const status = { hasAnswered: false, failures: 0, isKeyRefused: false, lastAt: undefined as number | undefined };
  const report = (isAnswered: boolean) => {
    status.hasAnswered ||= isAnswered;
    status.failures = isAnswered ? 0 : status.failures + 1;
    status.lastAt = now();
  };
  return {
    status,
    report,
    meterFor({ isOwn }) {
      return {
        allow() {},
        spend() {},
        learn(code, headers) {
          const isAnswered = isAnswer(code, headers);
          report(isAnswered);
          if (isOwn && isAnswered && code !== 429) status.isKeyRefused = code === 401;
        },
        release(_call, sent, error) {
          // A client that disconnects says nothing about Freshsales.
          if (sent && error instanceof FreshsalesError) report(false);
        },
      };
    },
  };
}

/** Refusals are answers. Pages come from proxies and login forms. */
const isAnswer = (code: number, headers: Headers): boolean =>
  code < 500 && !(code >= 300 && code < 400) && !/\bhtml\b/i.test(headers.get('content-type') ?? '');
