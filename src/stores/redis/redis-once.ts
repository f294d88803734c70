import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { createOnce, DEFAULT_ONCE, type Done, type Keep, type Once } from '../once.ts';
import type { Link } from './link.ts';
import { BEGIN, FREE, RENEW, TELL } from './once-scripts.ts';
import { fromText, toText, type WorkOutcome } from './outcome-text.ts';
import type { Run } from './run.ts';

/** How long after its last sign of life a machine counts as ended in the middle of its work. */
const LEASE_MS = 10_000;

/** How soon to look for the end of work that another machine does, each time after a longer wait. */
const LOOK_MS = 50;
const MOST_LOOK_MS = 500;

/** Keys told again in one go. */
const CHUNK = 200;

/** A key that this machine has taken. */
interface Taken {
  readonly id: string;
  readonly print: string;
  readonly owner: string;
  readonly endsAt: number;
  /** None while the work is under way. */
  result?: string;
  /** The run of Redis that knows all of this. */
  run?: string;
}

interface Work<T> {
  readonly work: () => Promise<T>;
  readonly keep: Keep<T>;
}

/** An end that is no result, on its way through the memory of this process, which must not keep it. */
class Aside extends Error {
  readonly done: Exclude<Done<never>, { kind: 'done' }>;

  constructor(done: Aside['done']) {
    super(done.kind);
    this.done = done;
  }
}

/** Keys of work that is to be done once, shared over Redis. A digest stands for each, so that none can be read there. */
export class RedisOnce {
  readonly #prefix: string;
  readonly #link: () => Link;
  readonly #catchUpMs: number;
  /** What this machine has taken, so that a Redis that has forgotten it can be told. */
  readonly #taken = new LRUCache<string, Taken>({ max: DEFAULT_ONCE.max, ttl: DEFAULT_ONCE.forMs });
  /** Keys that Redis may believe to be taken, and of which nothing came. */
  readonly #free = new Map<string, Taken>();
  #run = '';
  #settledAt = 0;
  #telling: NodeJS.Timeout | undefined;

  constructor(prefix: string, link: () => Link, catchUpMs: number) {
    this.#prefix = prefix;
    this.#link = link;
    this.#catchUpMs = catchUpMs;
  }

  /** One for each credential. What is known in this process is told without asking Redis. */
  for(scope: string): Once {
    const here = createOnce();
    return {
      run: async <T extends object>(key: string, print: string, work: () => Promise<T>, keep: Keep<T>) => {
        const id = createHash('sha256').update(`${scope}\n${key}`).digest('base64url');
        const ours = { ...keep, error: (error: unknown) => !(error instanceof Aside) && keep.error(error) };
        try {
          return await here.run(key, print, () => this.#share(id, print, { work, keep }), ours);
        } catch (error) {
          if (error instanceof Aside) return error.done;
          throw error;
        }
      },
    };
  }

  /**
   * Redis is there, and is told what it may have forgotten. Where it has been started anew, keys are taken only when all machines
   * have had the time to do so.
   */
  async restore(link: Link, { id: run, age }: Run): Promise<void> {
    this.#run = run;
    this.#settledAt = Date.now() + Math.max(0, this.#catchUpMs - age);
    await this.#tellAll((...told) => link.insist(...told));
  }

  /** Tells Redis of what it has not heard. */
  async #tellAll(insist: Link['insist']): Promise<void> {
    const run = this.#run;
    for (const { id, owner } of [...this.#free.values()]) {
      await insist(FREE, this.#keys, [id, owner]);
      this.#free.delete(owner);
    }
    const news = [...this.#taken.values()].filter((taken) => taken.run !== run);
    while (news.length > 0) await Promise.all(news.splice(0, CHUNK).map((taken) => this.#tell(taken, run, insist)));
  }

  async #tell(taken: Taken, run: string, insist: Link['insist']): Promise<void> {
    const { result } = taken;
    await insist(TELL, this.#keys, telling(taken));
    // The work may have come to its end meanwhile.
    if (taken.result === result) taken.run = run;
  }

  /** Redis may come back in the very moment in which it could not be told; then nobody else would tell it. */
  #tellLater(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      const link = this.#link();
      void link.run(() => this.#tellAll((...told) => link.insist(...told)));
    }, this.#catchUpMs).unref();
  }

  async #share<T extends object>(id: string, print: string, { work, keep }: Work<T>): Promise<T> {
    for (let looks = 0; ; looks += 1) {
      if (this.#settledAt > Date.now()) await delay(this.#settledAt - Date.now());
      const taken: Taken = { id, print, owner: randomUUID(), endsAt: Date.now() + DEFAULT_ONCE.forMs };
      const [kind, result] = await this.#begin(taken);
      if (kind === 'yours') return this.#do(taken, { work, keep });
      if (kind === 'done') return resultOf<T>(fromText(result));
      if (kind === 'gone') throw new Aside({ kind: 'unavailable', isUnderWay: looks > 0 });
      if (kind !== 'busy') throw new Aside({ kind });
      await delay(Math.min(LOOK_MS * (looks + 1), MOST_LOOK_MS));
    }
  }

  async #begin(taken: Taken): Promise<Begun> {
    const { id, print, owner } = taken;
    const args = [id, print, owner, LEASE_MS, DEFAULT_ONCE.forMs];
    const reply = await this.#link().script(BEGIN, this.#keys, args);
    if (Array.isArray(reply)) return reply as unknown as Begun;
    // It may have been taken, and only the answer lost.
    this.#letGo(taken);
    return ['gone', ''];
  }

  async #do<T extends object>(taken: Taken, { work, keep }: Work<T>): Promise<T> {
    const { id, owner } = taken;
    taken.run = this.#run;
    this.#taken.set(owner, taken);
    const renew = () => void this.#link().script(RENEW, this.#keys, [id, owner, LEASE_MS]);
    const renewal = setInterval(renew, LEASE_MS / 4).unref();
    try {
      const value = await work();
      await this.#end(taken, keep.value(value) ? { value } : undefined);
      return value;
    } catch (error) {
      await this.#end(taken, keep.error(error) ? { error } : undefined);
      throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  /** Where Redis cannot be told now, it is when it is back. */
  async #end(taken: Taken, outcome: WorkOutcome | undefined): Promise<void> {
    const { id, owner } = taken;
    const link = this.#link();
    if (outcome) {
      taken.run = '';
      taken.result = toText(outcome);
      await link.run(() => this.#tell(taken, this.#run, (...told) => link.insist(...told)));
      if (taken.run === '') this.#tellLater();
      return;
    }
    this.#taken.delete(owner);
    if ((await link.script(FREE, this.#keys, [id, owner])) === undefined) this.#letGo(taken);
  }

  #letGo(taken: Taken): void {
    this.#free.set(taken.owner, taken);
    this.#tellLater();
  }

  get #keys(): string[] {
    return [`${this.#prefix}once`, `${this.#prefix}once-ends`];
  }
}

type Begun = readonly [kind: 'yours' | 'reused' | 'busy' | 'lost' | 'done' | 'gone', result: string];

const telling = ({ id, print, owner, endsAt, result = '' }: Taken) => [
  ...[id, print, owner, LEASE_MS],
  ...[Math.max(1, endsAt - Date.now()), result],
];

/** Another machine's work: its outcome is told as if it had been done here. */
function resultOf<T extends object>(outcome: WorkOutcome): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value as T;
}
