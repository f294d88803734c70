import { readConfig } from '../src/config/config.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/sandbox/sandbox.ts';
import { connectTo } from '../src/server/connect.ts';
import { createServer } from '../src/server/create-server.ts';
import { settingsFor } from './product.ts';

export interface InProcess {
  readonly sandbox: Sandbox;
  /** Counts of response statuses of Freshsales. */
  readonly statuses: ReadonlyMap<number, number>;
  ask(query: string, variables?: object): Promise<InProcessAnswer>;
}

export interface InProcessAnswer {
  readonly data: unknown;
  readonly errors: readonly { readonly extensions?: { readonly code?: string; readonly retryAfter?: number } }[];
  readonly headers: Headers;
}

/**
 * The whole stack without sockets, configured as by the command line, for simulated time and memory measurements. Replaces
 * the global fetch of the process by the sandbox.
 */
export async function openInProcess(
  options: SandboxOptions,
  settings: Readonly<Record<string, string>> = {},
): Promise<InProcess> {
  const sandbox = createSandbox(options);
  const statuses = new Map<number, number>();
  globalThis.fetch = async (input, init) => {
    const response = await sandbox.fetch(input, init);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    return response;
  };
  const { connect } = await connectTo(
    readConfig({ ...settingsFor(sandbox.baseURL.replace('http:', 'https:')), ...settings }),
  );
  const yoga = createServer({ connect });
  return {
    sandbox,
    statuses,
    async ask(query, variables = {}) {
      const response = await yoga.fetch('http://127.0.0.1/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors = [] } = (await response.json()) as Partial<InProcessAnswer>;
      return { data, errors, headers: response.headers };
    },
  };
}
