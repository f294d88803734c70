import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';

/** A Monday noon, so that nothing depends on the day the tests run. */
export const NOON = new Date('2026-06-15T10:00:00Z');

/** An account at a fixed moment, and short ways to ask it. */
export interface World {
  readonly sandbox: Sandbox;
  /** Moves the clock. */
  at(time: Date): void;
  get(path: string, init?: RequestInit): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  del(path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

/** Whatever the sandbox said, to be dug into by tests. */
export type Json = { readonly [key: string]: Json } & readonly Json[];

export function world(options: SandboxOptions = {}): World {
  let time = NOON;
  const sandbox = createSandbox({ now: () => time, ...options });
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const base = path.startsWith('..') ? sandbox.baseURL.replace(/\/api$/, '') : sandbox.baseURL;
    const response = await sandbox.fetch(base + path.replace(/^\.\./, ''), {
      ...init,
      headers: { authorization: 'Token token=secret', 'content-type': 'application/json', ...init.headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parse(text) };
  };
  return {
    sandbox,
    at: (moment) => {
      time = moment;
    },
    get: ask,
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    put: (path, body) => ask(path, { method: 'PUT', body: JSON.stringify(body) }),
    del: (path, body) => ask(path, { method: 'DELETE', ...(body !== undefined && { body: JSON.stringify(body) }) }),
  };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse('null');
  }
}
