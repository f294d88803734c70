import { Redis } from 'ioredis';
import { runScript, type Script } from './script.ts';

export interface LinkOptions {
  readonly url: string;
  /** Told once when Redis is gone, and once when it is back. */
  readonly warn: (text: string) => void;
  /** Called in order when Redis is back, before it is used again. */
  readonly restore: (link: Link) => Promise<void>;
}

/** How long Redis may take for one command; it is a matter of a millisecond, and callers wait for it. */
const COMMAND_MS = 1000;

/** How much later than it was set a timer may go off in a process that is not busy. */
const ON_TIME_MS = 100;

/** How often to go on waiting where this process was too busy to read an answer. */
const MOST_DELAYS = 5;

/** How often to look whether Redis is back. */
const LOOK_MS = 500;

/** Redis is there, and cannot be used as it was asked for. */
export class RedisError extends Error {
  override readonly name = 'RedisError';
}

/** The way to Redis. It may be down at any time: then nothing fails, and whoever asks is told so. */
export class Link {
  readonly #client: Redis;
  readonly #options: LinkOptions;
  readonly #where: string;
  #isUp = false;
  #closed = false;
  #looking: NodeJS.Timeout | undefined;
  #reason: unknown;

  constructor(options: LinkOptions) {
    this.#options = options;
    // The password, where there is one, is in the URL, and nothing else of it is ever shown.
    this.#where = new URL(options.url).host;
    this.#client = new Redis(options.url, {
      lazyConnect: true,
      protocol: 2,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      connectTimeout: COMMAND_MS,
      retryStrategy: () => LOOK_MS,
    });
    // Commands that fail only say that the connection is closed; this says why. Unheard, the event would end the process.
    this.#client.on('error', (error) => {
      this.#reason = error;
    });
    // The client would find its way back by itself, and nobody would tell Redis what it has missed.
    this.#client.on('close', () => {
      if (this.#isUp) this.#lose(new Error('CLOSED'), true);
    });
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** For what sends commands of its own, within `run` or before Redis counts as back. */
  get client(): Redis {
    return this.#client;
  }

  /**
   * Connects; when that fails, goes on without and keeps looking.
   *
   * @throws RedisError where there is no database of that number, which will not pass.
   */
  async open(): Promise<void> {
    try {
      await inTime(this.#client.connect());
      await this.#choose();
      await this.#options.restore(this);
      this.#isUp = true;
    } catch (error) {
      if (error instanceof RedisError) {
        await this.close();
        throw error;
      }
      this.#lose(error, true);
    }
  }

  /** The client itself goes on with database 0 where there is none of that number. */
  async #choose(): Promise<void> {
    const { db } = this.#client.options;
    if (!db) return;
    await inTime(this.#client.select(db)).catch((error: unknown) => {
      if (!(error instanceof Error && error.message.startsWith('ERR '))) throw error;
      throw new RedisError(`Redis at ${this.#where} has no database ${db}. Set REDIS_URL to one that it has.`);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#isUp = false;
    clearTimeout(this.#looking);
    this.#client.disconnect();
  }

  /** What Redis answers; undefined while it is gone. */
  async run<T>(work: (client: Redis) => Promise<T>): Promise<T | undefined> {
    if (!this.#isUp) return undefined;
    try {
      return await inTime(work(this.#client));
    } catch (error) {
      this.#lose(error, this.#isUp);
      return undefined;
    }
  }

  /** The same for a script. */
  script(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.run((client) => runScript(client, script, keys, args));
  }

  /** For what has to be done before Redis counts as back; it throws when it is not. */
  insist(script: Script, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return inTime(runScript(this.#client, script, keys, args));
  }

  /** It answers, and has forgotten what it was told: it counts as gone until it has been told again. */
  doubt(): void {
    if (this.#isUp) this.#lose(new Error('FORGOT everything'), true);
  }

  #lose(error: unknown, isNews: boolean): void {
    this.#isUp = false;
    if (this.#closed) return;
    if (isNews)
      this.#options.warn(
        `Redis at ${this.#where} is gone (${reasonOf(this.#reason ?? error)}). Going on alone, with a share of what is left of the quota; writes with an idempotency key or a confirmation are refused meanwhile.`,
      );
    this.#looking ??= setTimeout(() => this.#look(), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    try {
      await inTime(this.#client.ping());
      await this.#choose();
      await this.#options.restore(this);
      this.#looking = undefined;
      if (this.#closed) return;
      this.#isUp = true;
      this.#reason = undefined;
      this.#options.warn(`Redis at ${this.#where} is back.`);
    } catch {
      this.#looking = this.#closed ? undefined : setTimeout(() => this.#look(), LOOK_MS).unref();
    }
  }
}

/** A code or the first word: whole messages may quote what was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as Error & { code?: unknown };
  return typeof code === 'string' ? code : (/^[A-Z]{4,}\b/.exec(error.message)?.[0] ?? 'no answer');
}

/**
 * Waits for an answer as long as Redis may take. Where this process is busy, timers go off before it has come to read what lies there
 * already: then it reads first, and goes on waiting.
 */
function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout;
    const wait = (delays: number) => {
      const began = performance.now();
      timer = setTimeout(() => {
        const isBusy = performance.now() - began > COMMAND_MS + ON_TIME_MS;
        if (isBusy && delays < MOST_DELAYS) return wait(delays + 1);
        // What has come in meanwhile is read before this.
        setImmediate(() => reject(new Error('TIMEOUT')));
      }, COMMAND_MS);
    };
    wait(0);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
