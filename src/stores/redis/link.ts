import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { StoreUnavailable } from '../store.ts';

interface LinkOptions {
  readonly url: string;
  /** A key that may be written to see whether Redis takes writes. */
  readonly probeKey: string;
  /** Called once when Redis is lost, and once when it is back. */
  readonly warn: (text: string) => void;
}

/** Time limit for one Redis command; callers wait for it. A healthy Redis takes a millisecond. */
const COMMAND_MS = 1000;

/** Time for which a connection may be silent before it is replaced. */
const DEAD_MS = 10_000;

/** The most by which a timer is late in a process that is not busy. */
const TIMER_TOLERANCE_MS = 100;

/** The number of times that the wait is extended while this process is too busy to read a response. */
const MAX_EXTENSIONS = 5;

/** Interval between checks whether Redis is back. */
const CHECK_MS = 500;

/** Redis is there and cannot be used as configured. */
class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** Commands that Redis runs in one step. */
interface Script {
  readonly lua: string;
  readonly sha: string;
}

export const defineScript = (lua: string): Script => ({ lua, sha: createHash('sha1').update(lua).digest('hex') });

/** The connection. While Redis does not answer, every command is refused at once. */
export class Link {
  readonly client: Redis;
  readonly #options: LinkOptions;
  /** Host and port: the URL itself may hold a password. */
  readonly #where: string;
  #isUp = false;
  #isClosed = false;
  #checking: NodeJS.Timeout | undefined;
  #reason: unknown;
  #generation = '';
  /** The clock of Redis minus that of this process. */
  #clockOffset = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#where = new URL(options.url).host;
    this.client = new Redis(options.url, {
      lazyConnect: true,
      protocol: 2,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: COMMAND_MS,
      retryStrategy: () => CHECK_MS,
      socketTimeout: DEAD_MS,
      // After a failover the old master is a replica. A new connection finds the new one, where the address leads to it.
      reconnectOnError: isReadOnly,
    });
    // The rejected command only says that the connection is closed; the event says why.
    this.client.on('error', (error) => {
      this.#reason = error;
    });
    this.client.on('close', () => {
      if (this.#isUp) this.#lose(new Error('CLOSED'));
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Names the run of Redis: another one may have lost its data. */
  get generation(): string {
    return this.#generation;
  }

  /** The time by which a command must run, by the clock of Redis: later, nobody waits for it any more. */
  get deadline(): number {
    return Math.ceil(performance.now() + this.#clockOffset + COMMAND_MS);
  }

  /**
   * Connects. Without a connection the store starts degraded and keeps trying.
   *
   * @throws RedisError where the database does not exist.
   */
  async open(): Promise<void> {
    try {
      await inTime(this.client.connect());
      await this.#check();
      this.#isUp = true;
    } catch (error) {
      if (error instanceof RedisError) {
        this.close();
        throw error;
      }
      this.#lose(error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#isUp = false;
    clearTimeout(this.#checking);
    this.client.disconnect();
  }

  /** Runs commands; rejects with StoreUnavailable where Redis does not answer. */
  async run<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    if (!this.#isUp) throw new StoreUnavailable('Redis cannot be reached.');
    try {
      return await inTime(work(this.client));
    } catch (error) {
      if (this.#isUp) this.#lose(error);
      throw new StoreUnavailable('Redis cannot be reached.');
    }
  }

  /** Runs a script by its digest, and sends its text only where Redis does not know it. */
  script({ lua, sha }: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.run(async (client) => {
      try {
        return await client.evalsha(sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return client.eval(lua, keys.length, ...keys, ...args);
      }
    });
  }

  /** Learns what the clock of Redis shows. */
  async readClock(): Promise<void> {
    const [seconds = 0, microseconds = 0] = (await inTime(this.client.time())).map(Number);
    this.#clockOffset = seconds * 1000 + microseconds / 1000 - performance.now();
  }

  /** True if Redis answers, has the database, and takes writes. */
  async #check(): Promise<void> {
    await this.#selectDatabase();
    await inTime(this.client.set(this.#options.probeKey, 1, 'PX', CHECK_MS));
    await this.readClock();
    this.#generation = await this.#readGeneration();
  }

  /** ioredis itself goes on with database 0 where the configured one does not exist. */
  async #selectDatabase(): Promise<void> {
    const { db } = this.client.options;
    if (!db) return;
    await inTime(this.client.select(db)).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('ERR '))) throw error;
      throw new RedisError(`Redis at ${this.#where} has no database ${db}. Set REDIS_URL to one that it has.`);
    });
  }

  /** A user without the right to ask does not learn of restarts. */
  async #readGeneration(): Promise<string> {
    try {
      return /^run_id:(\w+)/m.exec(await inTime(this.client.info('server')))?.[1] ?? '';
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOPERM')) return '';
      throw error;
    }
  }

  #lose(error: unknown): void {
    this.#isUp = false;
    if (this.#isClosed) return;
    const reason = reasonOf(this.#reason ?? error);
    this.#options.warn(
      `Redis at ${this.#where} cannot be reached (${reason}). This server goes on with its share of the quota and its own cache. Writes with an idempotency key or a confirmation are refused.`,
    );
    this.#scheduleCheck();
  }

  #scheduleCheck(): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(async () => {
      try {
        await this.#check();
        if (this.#isClosed) return;
        this.#isUp = true;
        this.#reason = undefined;
        this.#options.warn(`Redis at ${this.#where} is back.`);
      } catch {
        if (!this.#isClosed) this.#scheduleCheck();
      }
    }, CHECK_MS).unref();
  }
}

const isReadOnly = (error: Error): boolean => error.message.includes('READONLY');

/** A code or the first word: a whole message may quote what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : (/^[A-Z]{4,}\b/.exec(error.message)?.[0] ?? 'no response');
}

/**
 * Rejects where Redis takes too long. In a busy process the timer fires before a response is read that has long arrived: then
 * it is read first, and waited for again.
 */
function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const wait = (extensions: number) => {
      const began = performance.now();
      timer = setTimeout(() => {
        const isBusy = performance.now() - began > COMMAND_MS + TIMER_TOLERANCE_MS;
        if (isBusy && extensions < MAX_EXTENSIONS) return wait(extensions + 1);
        // What has arrived meanwhile is read before this.
        setImmediate(() => reject(new Error('TIMEOUT')));
      }, COMMAND_MS);
    };
    wait(0);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
