import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Whether there is a redis-server to run tests against. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export interface RedisServer {
  readonly url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It stays connected and answers nothing, until it resumes. */
  pause(): void;
  resume(): void;
  /** Everything that lies in it: keys, and what can be read of their values. */
  dump(): Promise<string>;
  stop(): Promise<void>;
}

/** A server of one's own, on a free port and in a directory of its own. It keeps nothing over a restart. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const url = `redis://:open-sesame@127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    const options = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      directory,
      '--save',
      '',
      '--requirepass',
      'open-sesame',
    ];
    child = spawn('redis-server', options, { stdio: 'ignore' });
    await withClient(url, (client) => client.ping());
  };
  const kill = async () => {
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url,
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    dump: () =>
      withClient(url, async (client) => {
        const keys = await client.keys('*');
        return [...keys, url].join('\n').replace(url, '');
      }),
    stop: async () => {
      if (child?.exitCode === null && child.signalCode === null) await kill();
      rmSync(directory, { recursive: true });
    },
  };
}

async function withClient<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => {});
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
