import { answer } from './answers.ts';

/** A response that replaces the real one. */
export interface FailedAnswer {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** Apply the request, and lose only its response. */
  performed?: boolean;
  /** Delay of the response in milliseconds. */
  delay?: number;
  /** No response: the fetch is rejected, as with a broken network. */
  drop?: boolean;
}

interface Planned {
  readonly match: string | RegExp;
  readonly answer: FailedAnswer;
  left: number;
}

const fits = (match: string | RegExp, line: string): boolean =>
  typeof match === 'string' ? line.includes(match) : line.search(match) >= 0;

/** Failures scheduled for later requests. */
export class Failures {
  #planned: Planned[] = [];

  plan(match: string | RegExp, answer: FailedAnswer, times: number): void {
    this.#planned.push({ match, answer, left: times });
  }

  /** Takes the failure scheduled for this request line, if any. */
  take(line: string): FailedAnswer | undefined {
    const planned = this.#planned.find(({ match }) => fits(match, line));
    if (!planned) return undefined;
    planned.left -= 1;
    this.#planned = this.#planned.filter(({ left }) => left > 0);
    return planned.answer;
  }

  clear(): void {
    this.#planned = [];
  }
}

export function failWith({ status, body, text, headers }: FailedAnswer): Response {
  const plain = text === undefined ? answer(body ?? null, status) : new Response(text, { status });
  for (const [name, value] of Object.entries(headers ?? {})) plain.headers.set(name, value);
  return plain;
}

/** Waits until the delay is over or the caller aborts. */
export function wait(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
