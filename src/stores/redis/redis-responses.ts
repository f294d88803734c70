import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Changes } from '../../cache/invalidation.ts';
import { type Kept, variantOf } from '../../cache/responses.ts';
import type { Accept, Lead, SharedResponses } from '../../cache/shared-responses.ts';
import type { Change } from '../../freshsales/change.ts';
import type { Answer, Question } from '../../freshsales/memory.ts';
import type { Link } from './link.ts';
import { ANNOUNCE, FETCH, HOLD, KEEP, SYNC, VARIANTS } from './response-scripts.ts';

/** How long a machine that has died in the middle of a call keeps the others waiting. */
const LOCK_MS = 5000;

/** How often to look for the answer to a call that another machine makes. */
const LOOK_MS = 40;

/** Each time Redis has lost its memory, positions begin anew in a range of their own. */
const RANGE = 1e12;

/** An answer as it lies in Redis. */
interface Stored {
  readonly question: Question;
  readonly answer: Answer;
  /** For how long it was good when it was read; how old it is, Redis tells by what is left of that. */
  readonly goodForMs: number;
  readonly epoch: string;
  readonly number: number;
}

/** Answers, changes and calls under way, shared over Redis. Its keys are digests: nothing of a question can be read from them. */
export class RedisResponses implements SharedResponses {
  readonly #prefix: string;
  readonly #link: () => Link;
  #changes: Changes | undefined;
  #epoch = '';
  #range = 0;
  #number = 0;
  #syncing: Promise<void> | undefined;
  /** Changes of this machine that Redis has not heard of. */
  #unsaid: Change[] = [];

  constructor(prefix: string, link: () => Link) {
    this.#prefix = prefix;
    this.#link = link;
  }

  join(changes: Changes): void {
    this.#changes = changes;
  }

  /** Those who ask in the same moment share one look; nobody joins a look that has begun before. */
  sync(): Promise<void> {
    this.#syncing ??= Promise.resolve().then(() => {
      this.#syncing = undefined;
      return this.#pull();
    });
    return this.#syncing;
  }

  async announce(change: Change): Promise<void> {
    const said = await this.#link().script(ANNOUNCE, this.#logKeys, [randomUUID(), JSON.stringify(change)]);
    if (said !== undefined) return this.sync();
    this.#unsaid.push(change);
    this.#changes?.add(change);
  }

  /** Redis is there: what it missed is told, and what is known here may have been changed by others meanwhile. */
  async restore(link: Link): Promise<void> {
    const unsaid = this.#unsaid.map((change) => JSON.stringify(change));
    if (unsaid.length > 0) await link.insist(ANNOUNCE, this.#logKeys, [randomUUID(), ...unsaid]);
    this.#unsaid = [];
    this.#epoch = '';
  }

  async find<T>(
    scope: string,
    question: Question,
    { accept, signal }: { accept: Accept<T>; signal: AbortSignal | undefined },
  ): Promise<Lead<T>> {
    const list = this.#key('list', scope, question.name);
    const lock = this.#key('call', scope, question.name, variantOf(question));
    const token = randomUUID();
    for (;;) {
      const found = await this.#look(scope, list, question, accept);
      if (found) return { found, publish: async () => {}, giveUp: async () => {} };
      const locked = await this.#link().run((client) => client.set(lock, token, 'PX', LOCK_MS, 'NX'));
      // `null`: another machine is asking. Undefined: there is no Redis to wait for.
      if (locked !== null) return this.#lead(scope, list, locked === undefined ? undefined : { lock, token });
      await delay(LOOK_MS, undefined, { signal });
    }
  }

  async #look<T>(scope: string, list: string, question: Question, accept: Accept<T>): Promise<T | undefined> {
    const variants = ((await this.#link().script(VARIANTS, [list], [])) ?? []) as string[];
    for (const variant of variants.filter((each) => mayCover(each, question))) {
      const key = this.#key('answer', scope, question.name, variant);
      const [text, leftMs] = ((await this.#link().script(FETCH, [key], [])) ?? [null, 0]) as [string | null, number];
      const { question: asked, answer, goodForMs, epoch, number } = parse(text);
      if (!asked || !answer || goodForMs === undefined || number === undefined || epoch !== this.#epoch) continue;
      const readAt = Date.now() - Math.max(0, goodForMs - leftMs);
      const found = accept({ answer, asked, readAt, position: this.#position(number) });
      if (found) return found;
    }
    return undefined;
  }

  #lead<T>(scope: string, list: string, held: { lock: string; token: string } | undefined): Lead<T> {
    if (!held) return { publish: async () => {}, giveUp: async () => {} };
    const hold = (ms: number) => this.#link().script(HOLD, [held.lock], [held.token, ms]);
    const renewal = setInterval(() => void hold(LOCK_MS), LOCK_MS / 2).unref();
    const giveUp = async () => {
      clearInterval(renewal);
      await hold(0);
    };
    return {
      giveUp,
      publish: async (kept) => {
        await this.#keep(scope, list, kept);
        await giveUp();
      },
    };
  }

  async #keep(scope: string, list: string, { question, answer, readAt, position, goodForMs }: Kept): Promise<void> {
    const forMs = Math.floor(readAt + goodForMs - Date.now());
    const number = position - this.#position(0);
    if (forMs <= 0 || number < 0) return;
    const stored: Stored = { question, answer, goodForMs, epoch: this.#epoch, number };
    const variant = variantOf(question);
    const keys = [this.#key('answer', scope, question.name, variant), list];
    await this.#link().script(KEEP, keys, [JSON.stringify(stored), variant, forMs]);
  }

  async #pull(): Promise<void> {
    const reply = await this.#link().script(SYNC, this.#logKeys, [randomUUID(), this.#epoch, this.#number]);
    if (!Array.isArray(reply) || !this.#changes) return;
    const [epoch, last, anew, entries] = reply as [string, number, number, string[]];
    // Replies come in the order of their commands, so what another look has brought already is passed over.
    if (anew === 1) {
      if (epoch === this.#epoch && last <= this.#number) return;
      this.#epoch = epoch;
      this.#range += 1;
      this.#number = last - entries.length;
      this.#changes.restart(this.#position(this.#number));
    }
    for (const entry of entries) {
      const space = entry.indexOf(' ');
      const number = Number(entry.slice(0, space));
      if (number <= this.#number) continue;
      this.#changes.add(JSON.parse(entry.slice(space + 1)) as Change, this.#position(number));
      this.#number = number;
    }
  }

  #position(number: number): number {
    return this.#range * RANGE + number;
  }

  get #logKeys(): string[] {
    return [`${this.#prefix}changes`, `${this.#prefix}head`];
  }

  #key(kind: string, ...words: string[]): string {
    return `${this.#prefix}${kind}:${createHash('sha256').update(words.join('\n')).digest('base64url')}`;
  }
}

/** Whatever else may lie there is no answer. */
function parse(text: string | null | undefined): Partial<Stored> {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return {};
  }
}

/** Whether an answer of this variant may hold the one that is wanted, as far as its includes go. */
function mayCover(variant: string, { include }: Question): boolean {
  const names = variant.slice(variant.indexOf(' ') + 1).split(',');
  return include.every((name) => names.includes(name));
}
