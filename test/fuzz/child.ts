import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFiles } from '../../src/access/audit/audit-reader.ts';
import { hashOf, newToken } from '../../src/access/callers-file.ts';

// Built, as users run it. `npm run test:fuzz` builds first.
const cli = join(import.meta.dirname, '../../dist/cli.js');

/** A key that is in no answer and in no line of a log. */
export const KEY = 'fuzz-key-3b1f0c';

const GRANTS = [
  ...['contacts', 'salesAccounts', 'deals', 'tasks', 'appointments', 'notes', 'salesActivities', 'products'],
  ...['contactLists', 'users', 'lookups', 'settings', 'search', 'timeline'],
];

/** Characters that are looked at twice, as a chunk may end in the middle of a line. */
const OVERLAP = 2000;

export interface Child {
  readonly url: string;
  readonly port: number;
  readonly token: string | undefined;
  /** Whether the process is up. */
  isUp(): boolean;
  /** Megabytes of memory in use. */
  memory(): number;
  /** What it wrote on its streams since it was last asked, and a little before that. */
  news(): string;
  /** What is in its audit log. */
  audited(): string;
  stop(): Promise<void>;
}

/** The server as a process of its own, as a user starts it. */
export async function startChild({ upstream, callers }: { upstream: string; callers: boolean }): Promise<Child> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const token = callers ? newToken() : undefined;
  const file = join(folder, 'callers.yaml');
  if (token) writeFileSync(file, callersFile(token));
  const child = spawn(process.execPath, [cli, 'serve'], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH ?? '', PORT: '0', FRESHSALES_URL: upstream, FRESHSALES_API_KEY: KEY },
      ...{ FRESHSALES_PLAN: '1000000', FRESHSALES_TIMEOUT_MS: '400', QUOTA_WAIT_SECONDS: '0' },
      ...{ CACHE_RECORDS_SECONDS: '0', CACHE_LISTS_SECONDS: '0' },
      ...(callers && { FRESHSALES_CALLERS: file }),
    },
  });
  const streams = { text: '' };
  child.stdout.on('data', (chunk) => {
    streams.text += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    streams.text += String(chunk);
  });
  const url = await ready(child, streams);
  streams.text = '';
  return {
    url,
    port: Number(new URL(url).port),
    token,
    isUp: () => child.exitCode === null && child.signalCode === null,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    news() {
      const { text } = streams;
      streams.text = text.slice(-OVERLAP);
      return text;
    },
    audited: () =>
      auditFiles(join(folder, 'audit.log'))
        .map((path) => readFileSync(path, 'utf8'))
        .join(''),
    stop: () => stop(child),
  };
}

/** The address in the start message. */
async function ready(child: ChildProcess, streams: { readonly text: string }): Promise<string> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    const [url] = /http:\/\/\S+graphql(?=.*\n)/.exec(streams.text) ?? [];
    if (url) return url;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server did not start: ${streams.text}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

const callersFile = (token: string): string =>
  [
    'callers:',
    '  - name: Fuzzer',
    `    token: ${hashOf(token)}`,
    '    grants:',
    ...GRANTS.map(
      (kind) => `      ${kind}: ${/^(users|lookups|settings|search|timeline)$/.test(kind) ? 'read' : 'full'}`,
    ),
    '',
  ].join('\n');
