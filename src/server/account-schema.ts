import { setTimeout as delay } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import type { Row } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Account } from '../records/context.ts';
import type { RecordType } from '../records/record-type.ts';
import { registry } from '../resources/index.ts';
import { type CustomField, customFieldsOf } from '../schema/custom-fields/custom-field.ts';
import { customizedTypes, typedSchema } from '../schema/custom-fields/typed-schema.ts';
import type { SchemaSource } from './create-server.ts';
import { schemaFor } from './schema.ts';

export interface AccountSchemaOptions {
  /** The account whose key reads the field lists. */
  readonly account: Pick<Account, 'freshsales'>;
  /** Age at which a request has the field lists read again, in milliseconds. It does not wait for them. */
  readonly staleAfterMs: number;
  /** Interval at which they are read without requests. */
  readonly everyMs: number;
  /** Pauses after failures: the first, doubled each time, and the longest. */
  readonly retry?: { readonly firstMs: number; readonly mostMs: number };
  /** Receives why a list cannot be read. */
  readonly warn: (text: string) => void;
  /** Receives what changed. */
  readonly log: (text: string) => void;
}

/** The schema with the custom fields of an account. Replaced when they change. */
export interface AccountSchema extends SchemaSource {
  /** Resolves when each list was read once, or failed once. Never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

const RETRY = { firstMs: 5000, mostMs: 600_000 };

/** Lists that arrive within this time make one schema. */
const TOGETHER_MS = 10;

/** Responses expire a moment before they are read again. */
const MARGIN_MS = 50;

/** Reads the field lists, and again when they expire. A record type whose list cannot be read has no typed fields; the others have. */
export const openAccountSchema = (options: AccountSchemaOptions): AccountSchema => new TypedSource(options);

/** The settings endpoint of a record type. */
export const fieldsPath = ({ path }: Pick<RecordType, 'path'>): string => `settings/${path}/fields`;

class TypedSource implements AccountSchema {
  readonly ready: Promise<void>;
  #current: GraphQLSchema;
  /** When the lists have to be read again. */
  #staleAt = Number.POSITIVE_INFINITY;
  readonly #options: AccountSchemaOptions;
  readonly #base: GraphQLSchema;
  readonly #lists: Record<string, readonly Row[]> = {};
  readonly #shown = new Map<string, readonly CustomField[]>();
  readonly #failures = new Map<string, { readonly message: string; readonly count: number }>();
  #replacing: Promise<void> | undefined;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #closed = new AbortController();

  constructor(options: AccountSchemaOptions) {
    this.#options = options;
    this.#base = schemaFor(options.account.freshsales.product);
    this.#current = this.#base;
    this.ready = this.#start();
  }

  get current(): GraphQLSchema {
    if (performance.now() > this.#staleAt) void this.#refresh();
    return this.#current;
  }

  close(): void {
    this.#staleAt = Number.POSITIVE_INFINITY;
    this.#closed.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  async #start(): Promise<void> {
    await this.#reread(customizedTypes(registry));
    this.#keepFresh();
  }

  /** Reads the lists that do not fail. Those that do are tried again at their own times. */
  async #refresh(): Promise<void> {
    this.#staleAt = Number.POSITIVE_INFINITY;
    await this.#reread(customizedTypes(registry).filter(({ path }) => !this.#failures.has(path)));
    this.#keepFresh();
  }

  #keepFresh(): void {
    if (this.#closed.signal.aborted) return;
    const { staleAfterMs, everyMs } = this.#options;
    this.#staleAt = performance.now() + staleAfterMs + MARGIN_MS;
    this.#schedule('', everyMs + MARGIN_MS, () => this.#refresh());
  }

  /** Reads lists. One that takes long does not hold up the others. */
  async #reread(types: readonly RecordType[]): Promise<void> {
    const reads = types.map(async (type) => {
      const pause = await this.#read(type);
      if (pause !== undefined) this.#schedule(type.path, pause, () => this.#reread([type]));
      this.#replacing ??= this.#replaceSoon();
      await this.#replacing;
    });
    await Promise.all(reads);
  }

  /** Lists usually arrive together, and make one schema. */
  async #replaceSoon(): Promise<void> {
    await delay(TOGETHER_MS);
    this.#replacing = undefined;
    try {
      this.#replace();
    } catch {
      this.#options.warn(
        'The schema with the custom fields of the account is not valid. The previous one stays in use.',
      );
    }
  }

  /** Replaces the timer of the same name. */
  #schedule(name: string, pauseMs: number, work: () => Promise<void>): void {
    if (this.#closed.signal.aborted) return;
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(() => void work(), pauseMs).unref());
  }

  /** Reads one list. Returns the pause until it is tried again, if it failed. */
  async #read(type: RecordType): Promise<number | undefined> {
    const { account } = this.#options;
    try {
      const session = account.freshsales.for({ signal: this.#closed.signal });
      this.#lists[type.path] = await session.list(fieldsPath(type), 'fields');
      if (this.#failures.delete(type.path)) this.#options.log(`The custom fields of ${type.path} can be read now.`);
      return undefined;
    } catch (error) {
      return this.#failed(type, error);
    }
  }

  #failed({ name, path }: RecordType, error: unknown): number {
    const { retry = RETRY, warn } = this.#options;
    const message = error instanceof FreshsalesError ? error.message : 'The list could not be read.';
    const before = this.#failures.get(path);
    this.#failures.set(path, { message, count: (before?.count ?? 0) + 1 });
    const consequence = this.#lists[path] ? 'It keeps those it had.' : `${name} has no “custom” until they are.`;
    if (before?.message !== message && !this.#closed.signal.aborted)
      warn(`The custom fields of ${path} cannot be read: ${message} ${consequence} Trying again.`);
    if (!before) return retry.firstMs;
    const asked = error instanceof FreshsalesError ? (error.retryAfter ?? 0) * 1000 : 0;
    return Math.max(Math.min(retry.firstMs * 2 ** before.count, retry.mostMs), asked);
  }

  /** Replaces the schema if custom fields have changed. */
  #replace(): void {
    const { account, log } = this.#options;
    const facts = { registry, product: account.freshsales.product };
    const changes: string[] = [];
    let isReplaced = false;
    for (const { name, path } of customizedTypes(registry)) {
      const list = this.#lists[path];
      if (!list) continue;
      const [before, fields] = [this.#shown.get(path), customFieldsOf(list, facts)];
      const change = differenceOf(before ?? [], fields);
      this.#shown.set(path, fields);
      if (change === '') continue;
      isReplaced = true;
      if (before) changes.push(`The custom fields of ${name} changed: ${change}.`);
    }
    if (isReplaced) this.#current = typedSchema(this.#base, this.#lists, facts);
    for (const change of changes) log(change);
  }
}

/** The changes, in GraphQL names. Empty if there are none. */
function differenceOf(before: readonly CustomField[], after: readonly CustomField[]): string {
  const [old, now] = [byName(before), byName(after)];
  const parts = [
    ['added', [...now.keys()].filter((name) => !old.has(name))],
    ['removed', [...old.keys()].filter((name) => !now.has(name))],
    ['changed', [...now].filter(([name, text]) => old.has(name) && old.get(name) !== text).map(([name]) => name)],
  ] as const;
  return parts.flatMap(([word, names]) => (names.length > 0 ? [`${word} ${shortened(names)}`] : [])).join('; ');
}

const byName = (fields: readonly CustomField[]): ReadonlyMap<string, string> =>
  new Map(fields.map((field) => [field.name, JSON.stringify(field)]));

/** Names in one line of a log. */
const MAX_NAMES = 20;

const shortened = (names: readonly string[]): string =>
  names.length > MAX_NAMES
    ? `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`
    : names.join(', ');
