import { createHash } from 'node:crypto';
import type { CallCount } from '../call-count.ts';
import type { Link } from './link.ts';
import { RedisCount } from './redis-count.ts';
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
    this.#refreshing = setInterval(() => void this.#each((count) => count.refresh()), REFRESH_MS).unref();
  }

  /** The count of one caller, whose name cannot be read from its key. */
  countOf(name: string): CallCount {
    const digest = createHash('sha256').update(name).digest('base64url');
    const known = this.#counts.get(digest) ?? this.#open(digest);
    this.#counts.set(digest, known);
    return known;
  }

  /**
   * Redis is there. Of another run it is told all that this machine has counted, for it begins anew with each; of the same
   * run, what it has missed.
   */
  async restore(run: Run): Promise<void> {
    if (this.#run !== '' && this.#run !== run.id) this.#isAlone = true;
    this.#run = run.id;
    await this.#each((count) => count.tell(run.id));
    if (!this.#isAlone) return this.#each((count) => count.insistOnRefresh());
    clearTimeout(this.#rejoining);
    this.#rejoining = setTimeout(() => void this.#rejoin(), this.#options.catchUpMs).unref();
  }

  close(): void {
    clearInterval(this.#refreshing);
    clearTimeout(this.#rejoining);
  }

  async #rejoin(): Promise<void> {
    const tell = () => this.#each((count) => this.#options.link().run(() => count.tell(this.#run)));
    await tell();
    if (!this.#options.link().isUp) return;
    await this.#each((count) => this.#options.link().run(() => count.insistOnRefresh()));
    if (!this.#options.link().isUp) return;
    this.#isAlone = false;
    await this.#each(async (count) => count.join());
    // Calls that were counted alone while that was told.
    await tell();
  }

  #open(digest: string): RedisCount {
    const { prefix, link, machines } = this.#options;
    const isAlone = () => this.#isAlone;
    const goAlone = () => {
      this.#isAlone = true;
    };
    const run = () => this.#run;
    const count = new RedisCount({ prefix, digest, link, run, isAlone, goAlone, shares: () => 2 * machines() });
    void count.refresh();
    return count;
  }

  async #each(work: (count: RedisCount) => Promise<unknown>): Promise<void> {
    await Promise.all([...this.#counts.values()].map(work));
  }
}
