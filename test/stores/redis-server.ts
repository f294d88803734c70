import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** Whether there is a redis-server to run tests against. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

const PASSWORD = 'open-sesame';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** It stays connected and answers nothing until it resumes. */
  pause(): void;
  resume(): void;
  /** Runs commands on a connection of their own. */
  run<T>(work: (client: Redis) => Promise<T>): Promise<T>;
  /** The names of all keys. */
  dump(): Promise<string>;
  stop(): Promise<void>;
}

/** A server on a free port with a directory of its own. It keeps nothing over a restart. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'redis-'));
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const run = <T>(work: (client: Redis) => Promise<T>) => withClient(url, work);
  const start = async () => {
    const options = {
      port,
      bind: '127.0.0.1',
      dir: directory,
      save: '',
      requirepass: PASSWORD,
      masterauth: PASSWORD,
      'repl-diskless-sync-delay': 0,
    };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await run((client) => client.ping());
  };
  const kill = async () => {
    const exit = new Promise((resolve) => child?.once('exit', resolve));
    child?.kill('SIGKILL');
    await exit;
  };
  await start();
  return {
    url,
    port,
    kill,
    start,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    run,
    dump: () => run(async (client) => (await client.keys('*')).join('\n')),
    stop: async () => {
      if (child?.exitCode === null && child.signalCode === null) await kill();
      rmSync(directory, { recursive: true });
    },
  };
}

/** An address that leads to one server at a time, as that of a managed Redis does. New connections go where it points. */
export async function openAddress(first: RedisServer) {
  let target = first;
  const server = createServer((inbound) => {
    const outbound = connect(target.port, '127.0.0.1');
    inbound.pipe(outbound).pipe(inbound);
    for (const socket of [inbound, outbound]) {
      socket.on('error', () => {});
      socket.on('close', () => {
        inbound.destroy();
        outbound.destroy();
      });
    }
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  return {
    url: first.url.replace(String(first.port), String(port)),
    pointTo(next: RedisServer) {
      target = next;
    },
    close: () => void server.close(),
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
