import { randomUUID } from 'node:crypto';
import type { Entries, Entry, Updated } from '../store.ts';
import { StoreUnavailable } from '../store.ts';
import { defineScript, type Link } from './link.ts';

/** KEYS: the entry. ARGV: a version whose value need not be sent. Returns version, value, milliseconds left, now. */
const READ = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local version = redis.call('HGET', KEYS[1], 'version') or ''
local value = ''
if version ~= ARGV[1] then value = redis.call('HGET', KEYS[1], 'value') or '' end
return { version, value, redis.call('PTTL', KEYS[1]), now }
`);

/** KEYS: the entry. ARGV: the version to replace or *, the new version, the value, milliseconds to keep it. */
const WRITE = defineScript(`
if ARGV[1] ~= '*' and ARGV[1] ~= (redis.call('HGET', KEYS[1], 'version') or '') then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[2], 'value', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`);

/** Servers that write the same entry at once: each attempt that fails means that another one succeeded. */
const MAX_ATTEMPTS = 100;

interface Waiting {
  readonly ttlMs: number;
  readonly change: (value: unknown, now: number) => Updated<unknown, unknown>;
  readonly resolve: (updated: { readonly result: unknown; readonly version: string }) => void;
  readonly reject: (error: unknown) => void;
}

type Read = readonly [version: string, value: string, leftMs: number, now: number];

/** Entries as hashes of a version and a JSON text. */
export class RedisEntries implements Entries {
  readonly #link: Link;
  readonly #keyOf: (key: string) => string;
  /** Updates of one entry wait for each other here, and those that wait are written together. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(link: Link, keyOf: (key: string) => string) {
    this.#link = link;
    this.#keyOf = keyOf;
  }

  async get<T>(key: string): Promise<Entry<T> | undefined> {
    const [version, value, leftMs] = await this.#read(key, '');
    return version === '' ? undefined : { value: JSON.parse(value) as T, version, leftMs };
  }

  async getUnless<T>(key: string, known: string): Promise<Entry<T> | 'unchanged' | undefined> {
    const [version, value, leftMs] = await this.#read(key, known);
    if (version === '') return undefined;
    return version === known ? 'unchanged' : { value: JSON.parse(value) as T, version, leftMs };
  }

  async set<T>(key: string, value: T, ttlMs: number): Promise<void> {
    await this.#write(key, '*', randomUUID(), value, ttlMs);
  }

  update<T, R>(key: string, ttlMs: number, change: (value: T | undefined, now: number) => Updated<T, R>) {
    return new Promise<{ readonly result: R; readonly version: string }>((resolve, reject) => {
      const waiting = this.#waiting.get(key);
      const update = { ttlMs, change, resolve, reject } as unknown as Waiting;
      if (waiting) return void waiting.push(update);
      this.#waiting.set(key, [update]);
      void this.#run(key);
    });
  }

  async #run(key: string): Promise<void> {
    for (let batch = this.#waiting.get(key) ?? []; batch.length > 0; batch = this.#waiting.get(key) ?? []) {
      this.#waiting.set(key, []);
      try {
        await this.#apply(key, batch);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#waiting.delete(key);
  }

  async #apply(key: string, batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const [known, text, , now] = await this.#read(key, '');
      let value: unknown = known === '' ? undefined : JSON.parse(text);
      let ttlMs = 0;
      const results = batch.map((each) => {
        const updated = each.change(value, now);
        if ('value' in updated) {
          value = updated.value;
          ttlMs = Math.max(ttlMs, each.ttlMs);
        }
        return updated.result;
      });
      const version = ttlMs > 0 ? randomUUID() : known;
      if (ttlMs > 0 && !(await this.#write(key, known, version, value, ttlMs))) continue;
      for (const [index, { resolve }] of batch.entries()) resolve({ result: results[index], version });
      return;
    }
    throw new StoreUnavailable('Too many servers write the same entry.');
  }

  async #read(key: string, known: string): Promise<Read> {
    return (await this.#link.script(READ, [this.#keyOf(key)], [known])) as Read;
  }

  async #write(key: string, known: string, version: string, value: unknown, ttlMs: number): Promise<boolean> {
    const args = [known, version, JSON.stringify(value), Math.ceil(ttlMs)];
    return (await this.#link.script(WRITE, [this.#keyOf(key)], args)) === 1;
  }
}
