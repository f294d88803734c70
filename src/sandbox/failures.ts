import { answer } from './answers.ts';

/** An answer given in place of the real one. */
export interface FailedAnswer {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
  /** The request takes effect all the same, and only its answer is lost. */
  performed?: boolean;
  /** Milliseconds before the answer. */
  delay?: number;
  /** No answer at all: the fetch is rejected, as by a broken network. */
  drop?: boolean;
}

interface Planned {
  readonly match: string | RegExp;
  readonly answer: FailedAnswer;
  left: number;
}

const fits = (match: string | RegExp, line: string): boolean =>
  typeof match === 'string' ? line.includes(match) : line.search(match) >= 0;

/** Failures that were ordered for requests still to come. */
export class Failures {
  #planned: Planned[] = [];

  plan(match: string | RegExp, answer: FailedAnswer, times: number): void {
    this.#planned.push({ match, answer, left: times });
  }

  /** The failure for this request line, if one was ordered; it is then used up. */
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

/** Answers as was ordered. */
export function failWith({ status, body, text, headers }: FailedAnswer): Response {
  const plain = text === undefined ? answer(body ?? null, status) : new Response(text, { status });
  for (const [name, value] of Object.entries(headers ?? {})) plain.headers.set(name, value);
  return plain;
}

/** Waits, unless the caller gives up first. */
export function wait(milliseconds: number, signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
