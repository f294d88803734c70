import { createHash } from 'node:crypto';
import type { CallCount } from '../../quota/usage-counter.ts';
import type { Link } from './link.ts';
import { type Insist, RedisCount } from './redis-count.ts';
import type { Run } from './run.ts';

/** How often to hear what other machines have counted. */
const REFRESH_MS = 5000;

export interface RedisCountsOptions {
  readonly prefix: string;
  readonly link: () => Link;
  /** How many machines there are, as far as is known, and at least two. */
  readonly machines: () => number;
  /** After Redis is back, how long to go on alone, so that every machine has told what it counted meanwhile. */
  readonly catchUpMs: number;
}

/** The counts of all callers, shared over Redis; each machine goes on alone while Redis is gone. */
export class RedisCounts {
  readonly #options: RedisCountsOptions;
  readonly #counts = new Map<string, RedisCount>();
  readonly #refreshing: NodeJS.Timeout;
  #rejoining: NodeJS.Timeout | undefined;
  #run = '';
  #isAlone = false;

  constructor(options: RedisCountsOptions) {
    this.#options = options;
    this.#refreshing = setInterval(() => this.#refresh(), REFRESH_MS).unref();
  }

  /** The count of one caller, whose name cannot be read from its key. */
  countOf(name: string): CallCount {
    const digest = createHash('sha256').update(name).digest('base64url');
    const known = this.#counts.get(digest) ?? this.#open(digest);
    this.#counts.set(digest, known);
    return known;
  }

  /**
   * Redis is there. A run that began just now is told all that is known to be counted, for counts begin anew with each run, and relied
   * upon when all machines have told it. Any other is told what it has missed.
   */
  async restore(link: Link, run: Run): Promise<void> {
    this.#run = run.id;
    await this.#tell((...told) => link.insist(...told));
    const settlesIn = this.#options.catchUpMs - run.age;
    if (settlesIn > 0) this.#isAlone = true;
    await this.#each((count) => (this.#isAlone ? count.learn() : count.join()));
    if (this.#isAlone) this.#rejoinIn(settlesIn > 0 ? settlesIn : this.#options.catchUpMs);
  }

  close(): void {
    clearInterval(this.#refreshing);
    clearTimeout(this.#rejoining);
  }

  #refresh(): void {
    // Somebody may have gone alone in the very moment in which Redis came back.
    if (this.#isAlone && this.#options.link().isUp && !this.#rejoining) this.#rejoinIn(0);
    void this.#each((count) => count.refresh());
  }

  #rejoinIn(ms: number): void {
    clearTimeout(this.#rejoining);
    this.#rejoining = setTimeout(() => void this.#rejoin(), ms).unref();
  }

  async #rejoin(): Promise<void> {
    this.#rejoining = undefined;
    const link = this.#options.link();
    await link.run(async () => {
      await this.#tell((...told) => link.insist(...told));
      await this.#each((count) => count.join());
      this.#isAlone = false;
      // Calls that were counted alone while that was told.
      await this.#tell((...told) => link.insist(...told));
    });
  }

  #tell(insist: Insist): Promise<void> {
    return this.#each((count) => count.tell(this.#run, insist));
  }

  #open(digest: string): RedisCount {
    const { prefix, link, machines } = this.#options;
    const isAlone = () => this.#isAlone;
    const goAlone = () => {
      this.#isAlone = true;
    };
    const run = () => this.#run;
    return new RedisCount({ prefix, digest, link, run, isAlone, goAlone, shares: () => 2 * machines() });
  }

  async #each(work: (count: RedisCount) => Promise<unknown>): Promise<void> {
    await Promise.all([...this.#counts.values()].map(work));
  }
}
