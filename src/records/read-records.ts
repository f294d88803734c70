import type { RecordAnswer } from '../freshsales/answer.ts';
import { capabilitiesOf, type KnownCapabilities, observeIncludes, readCall } from './capabilities.ts';
import { includesToAsk, type Needs, union } from './needs.ts';
import { isBinned } from './record-entries.ts';
import { isThere, type RecordRequest } from './record-request.ts';
import { missingIncludes, recordStoreOf } from './record-store.ts';
import { type BatchSearch, type Operation, type RecordType, relationOf, searchOf } from './record-type.ts';
import { searchable, searchInBatches } from './strategies/batch-search.ts';
import { joinLists } from './strategies/join-by-target.ts';
import { scanLists } from './strategies/list-scan.ts';
import { toError } from './to-error.ts';

/** A record to be read; `fresh`: by itself, whatever is known of it already. */
export interface Key extends RecordRequest {
  readonly fresh: boolean;
}

/**
 * Reads into the store what is not known yet, in as few calls as it takes: many records in one search; else what they lack
 * from lists; else each by itself. Gives what went wrong, by id.
 */
export async function readRecords(
  context: Operation,
  recordType: RecordType,
  asked: readonly Key[],
): Promise<Map<string, Error>> {
  const together = searchOf(recordType);
  const keys = gathered(asked);
  const reading = new Reading(context, recordType);
  const fresh = keys.filter((key) => key.fresh);
  const unknown = await reading.unknownOf(keys.filter((key) => !key.fresh).map((key) => reading.possible(key)));
  const [searched, others] = together ? reading.split(together, unknown) : [[], unknown];
  await Promise.all([
    reading.each(fresh),
    reading.many(others),
    reading.attempt(searched, async () => {
      if (together && searched.length > 0) await searchInBatches(context, recordType, together, searched);
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
export const isInVain = (recordType: RecordType, include: string, seen: KnownCapabilities): boolean =>
  relationOf(recordType, include).subResource !== undefined && seen.lacks(readCall(recordType), include);

class Reading {
  readonly failures = new Map<string, Error>();
  readonly #context: Operation;
  readonly #recordType: RecordType;

  constructor(context: Operation, recordType: RecordType) {
    this.#context = context;
    this.#recordType = recordType;
  }

  /** Without what a read of the record is known not to bring, where it is read elsewhere. */
  possible(key: Key): Key {
    const { includes } = key.needs;
    const inVain = [...includes].filter((name) => isInVain(this.#recordType, name, capabilitiesOf(this.#context)));
    if (inVain.length === 0) return key;
    return {
      ...key,
      needs: { ...key.needs, includes: new Set([...includes].filter((name) => !inVain.includes(name))) },
    };
  }

  async unknownOf(keys: readonly Key[]): Promise<Key[]> {
    const known = await Promise.all(
      keys.map(({ id, needs }) => isKnown(this.#context, this.#recordType, id, needs).catch(() => false)),
    );
    return keys.filter((key, index) => !known[index] && !this.#isBinned(key));
  }

  /** A record in the recycle bin is on a page of its view, and in no other answer. */
  #isBinned({ id }: Key): boolean {
    const entry = recordStoreOf(this.#context).get(this.#recordType, id);
    return entry?.whole === true && isBinned(entry.row);
  }

  /** Those that may be found together, and the others. */
  split(together: BatchSearch, keys: readonly Key[]): [Key[], Key[]] {
    const found = new Set<RecordRequest>(searchable(this.#context, this.#recordType, together, keys));
    return [keys.filter((key) => found.has(key)), keys.filter((key) => !found.has(key))];
  }

  /** What is still missing, from lists where that costs less, and else each by itself. */
  async many(keys: readonly Key[]): Promise<void> {
    const missing = () =>
      keys.map((key) => this.possible(key)).filter((key) => !isThere(this.#context, this.#recordType, key));
    await this.attempt(keys, async () => {
      await joinLists(this.#context, this.#recordType, missing());
      await scanLists(this.#context, this.#recordType, missing());
      // What nobody has seen come is tried with one of them first.
      const probe = missing().find(({ needs }) =>
        [...needs.includes].some((name) => relationOf(this.#recordType, name).doubtful),
      );
      if (probe) await this.each([probe]);
      await this.each(missing().filter(({ id }) => id !== probe?.id));
    });
  }

  async each(keys: readonly Key[]): Promise<void> {
    await Promise.all(keys.map((key) => this.attempt([key], () => readInto(this.#context, this.#recordType, key))));
  }

  async attempt(keys: readonly Key[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      for (const key of keys)
        if (!isThere(this.#context, this.#recordType, key)) this.failures.set(key.id, toError(error));
    }
  }
}

/** Reads one record into the store, unless it is there. */
async function readInto(context: Operation, recordType: RecordType, { id, needs, fresh }: Key): Promise<void> {
  if (!fresh && (await isKnown(context, recordType, id, needs))) return;
  const entry = recordStoreOf(context).get(recordType, id);
  const include = missingIncludes(fresh ? undefined : entry, recordType, includesToAsk(needs));
  const answer = await context.freshsales.get(recordType, id, include);
  if (answer) keepAnswer(context, recordType, answer, include);
  else if (!entry || !isBinned(entry.row)) recordStoreOf(context).put(recordType, { id }, false).gone = true;
}

/** Whether no call is needed: the operation has seen all that is wanted, or other operations have, a moment ago. */
async function isKnown(context: Operation, recordType: RecordType, id: string, needs: Needs): Promise<boolean> {
  const store = recordStoreOf(context);
  const isEnough = () => isThere(context, recordType, { id, needs });
  if (isEnough()) return true;
  return context.freshsales.recall(recordType, id, (remembered) =>
    remembered.some((answer) => {
      store.learn(answer);
      return isEnough();
    }),
  );
}

/** Remembers a record that was read by itself, and which includes it was read with. */
export function keepAnswer(
  context: Operation,
  recordType: RecordType,
  { row, sideloads }: RecordAnswer,
  include: readonly string[],
): void {
  const store = recordStoreOf(context);
  store.keep(sideloads);
  const { asked } = store.put(recordType, row, row.partial !== true);
  for (const name of include) asked.add(name);
  observeIncludes(context, recordType, readCall(recordType), { include, rows: [row] });
}
