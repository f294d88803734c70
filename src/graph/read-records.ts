import type { Context } from '../context.ts';
import type { RecordAnswer } from '../freshsales/answer.ts';
import type { Resource } from '../freshsales/resource.ts';
import { isBinned } from './entries.ts';
import { findInLists } from './find-in-lists.ts';
import { joinRelations } from './joined.ts';
import { includesToAsk, type Needs, union } from './needs.ts';
import { observedOf, observeIncludes, readCall, type Seen } from './observed.ts';
import { relationOptions } from './relation-options.ts';
import { missingIncludes, storeOf } from './store.ts';
import { toError } from './to-error.ts';
import { readTogether, searchable, type Together } from './together.ts';
import { isThere, type Wanted } from './wanted.ts';

/** A record to be read; `fresh`: by itself, whatever is known of it already. */
export interface Key extends Wanted {
  readonly fresh: boolean;
}

/**
 * Reads into the store what is not known yet, in as few calls as it takes: many records in one search; else what they lack
 * from lists; else each by itself. Gives what went wrong, by id.
 */
export async function readRecords(
  context: Context,
  resource: Resource,
  asked: readonly Key[],
  together?: Together,
): Promise<Map<string, Error>> {
  const keys = gathered(asked);
  const reading = new Reading(context, resource);
  const fresh = keys.filter((key) => key.fresh);
  const unknown = await reading.unknownOf(keys.filter((key) => !key.fresh).map((key) => reading.possible(key)));
  const [searched, others] = together ? reading.split(together, unknown) : [[], unknown];
  await Promise.all([
    reading.each(fresh),
    reading.many(others),
    reading.attempt(searched, async () => {
      if (together && searched.length > 0) await readTogether(context, resource, together, searched);
      await reading.many(searched);
    }),
  ]);
  return reading.failures;
}

/** Each record once, with all that is wanted of it. */
function gathered(keys: readonly Key[]): Key[] {
  return [...new Set(keys.map(({ id }) => id))].map((id) => {
    const same = keys.filter((key) => key.id === id);
    const hints = [...new Set(same.flatMap((key) => key.hints ?? []))];
    return { id, hints, needs: union(same.map(({ needs }) => needs)), fresh: same.some(({ fresh }) => fresh) };
  });
}

/** Whether a read of the record is known not to bring an include, and its rows are read elsewhere. */
export const isInVain = (resource: Resource, include: string, seen: Seen): boolean =>
  relationOptions(resource, include).fallback !== undefined && seen.lacks(readCall(resource), include);

class Reading {
  readonly failures = new Map<string, Error>();
  readonly #context: Context;
  readonly #resource: Resource;

  constructor(context: Context, resource: Resource) {
    this.#context = context;
    this.#resource = resource;
  }

  /** Without what a read of the record is known not to bring, where it is read elsewhere. */
  possible(key: Key): Key {
    const { includes } = key.needs;
    const inVain = [...includes].filter((name) => isInVain(this.#resource, name, observedOf(this.#context)));
    if (inVain.length === 0) return key;
    return {
      ...key,
      needs: { ...key.needs, includes: new Set([...includes].filter((name) => !inVain.includes(name))) },
    };
  }

  async unknownOf(keys: readonly Key[]): Promise<Key[]> {
    const known = await Promise.all(
      keys.map(({ id, needs }) => isKnown(this.#context, this.#resource, id, needs).catch(() => false)),
    );
    return keys.filter((key, index) => !known[index] && !this.#isBinned(key));
  }

  /** A record in the recycle bin is on a page of its view, and in no other answer. */
  #isBinned({ id }: Key): boolean {
    const entry = storeOf(this.#context).get(this.#resource, id);
    return entry?.whole === true && isBinned(entry.row);
  }

  /** Those that may be found together, and the others. */
  split(together: Together, keys: readonly Key[]): [Key[], Key[]] {
    const found = new Set<Wanted>(searchable(this.#context, this.#resource, together, keys));
    return [keys.filter((key) => found.has(key)), keys.filter((key) => !found.has(key))];
  }

  /** What is still missing, from lists where that costs less, and else each by itself. */
  async many(keys: readonly Key[]): Promise<void> {
    const missing = () =>
      keys.map((key) => this.possible(key)).filter((key) => !isThere(this.#context, this.#resource, key));
    await this.attempt(keys, async () => {
      await joinRelations(this.#context, this.#resource, missing());
      await findInLists(this.#context, this.#resource, missing());
      // What nobody has seen come is tried with one of them first.
      const probe = missing().find(({ needs }) =>
        [...needs.includes].some((name) => relationOptions(this.#resource, name).doubtful),
      );
      if (probe) await this.each([probe]);
      await this.each(missing().filter(({ id }) => id !== probe?.id));
    });
  }

  async each(keys: readonly Key[]): Promise<void> {
    await Promise.all(keys.map((key) => this.attempt([key], () => readInto(this.#context, this.#resource, key))));
  }

  async attempt(keys: readonly Key[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      for (const key of keys)
        if (!isThere(this.#context, this.#resource, key)) this.failures.set(key.id, toError(error));
    }
  }
}

/** Reads one record into the store, unless it is there. */
async function readInto(context: Context, resource: Resource, { id, needs, fresh }: Key): Promise<void> {
  if (!fresh && (await isKnown(context, resource, id, needs))) return;
  const entry = storeOf(context).get(resource, id);
  const include = missingIncludes(fresh ? undefined : entry, resource, includesToAsk(needs));
  const answer = await context.freshsales.get(resource, id, include);
  if (answer) keepAnswer(context, resource, answer, include);
  else if (!entry || !isBinned(entry.row)) storeOf(context).put(resource, { id }, false).gone = true;
}

/** Whether no call is needed: the operation has seen all that is wanted, or other operations have, a moment ago. */
async function isKnown(context: Context, resource: Resource, id: string, needs: Needs): Promise<boolean> {
  const store = storeOf(context);
  const isEnough = () => isThere(context, resource, { id, needs });
  if (isEnough()) return true;
  return context.freshsales.recall(resource, id, (remembered) =>
    remembered.some((answer) => {
      store.learn(answer);
      return isEnough();
    }),
  );
}

/** Remembers a record that was read by itself, and which includes it was read with. */
export function keepAnswer(
  context: Context,
  resource: Resource,
  { row, sideloads }: RecordAnswer,
  include: readonly string[],
): void {
  const store = storeOf(context);
  store.keep(sideloads);
  const { asked } = store.put(resource, row, row.partial !== true);
  for (const name of include) asked.add(name);
  observeIncludes(context, resource, readCall(resource), { include, rows: [row] });
}
