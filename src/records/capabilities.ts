import { createContextCache } from '@pothos/core';
import { LRUCache } from 'lru-cache';
import type { PageAnswer } from '../freshsales/answer.ts';
import { columnOf } from '../freshsales/resource.ts';
import { getOrInsert } from '../maps.ts';
import {
  type Capabilities,
  type Knowledge,
  type Operation,
  type RecordType,
  readCall,
  relationOf,
} from './record-type.ts';

export const NOTHING_LEARNED: Capabilities = { isUnavailable: () => false, lengthOf: () => undefined };

/** The capabilities of an account, as operations learn them. */
interface LearnedCapabilities extends Capabilities {
  markUnavailable(call: string, name?: string): void;
  markAvailable(call: string, name?: string): void;
  setLength(list: string, rows: number): void;
}

/** An account may change: a plan is upgraded, a permission is given, a list grows. */
const HOUR_MS = 3_600_000;

const learned = new WeakMap<object, LRUCache<string, number>>();

/** Bounded by size, since `max` would allocate room for all of them for each API key. */
const newMemory = () => new LRUCache<string, number>({ maxSize: 10_000, sizeCalculation: () => 1, ttl: HOUR_MS });

/** The capabilities of the operation's account, as its API key and its caller see it: another one may be allowed more. */
export const capabilitiesOf = createContextCache(({ once, caller }: Operation): LearnedCapabilities => {
  // There is one `once` for each key, and it lives as long as the key is used.
  const all = getOrInsert(learned, once, newMemory);
  const keyOf = (call: string, name = '') => `${caller?.name ?? ''} ${call} ${name}`;
  return {
    isUnavailable: (call, name) => all.has(keyOf(call, name)),
    markUnavailable: (call, name) => void all.set(keyOf(call, name), 0),
    markAvailable: (call, name) => void all.delete(keyOf(call, name)),
    lengthOf: (list) => all.get(keyOf('length', list)),
    setLength: (list, rows) => void all.set(keyOf('length', list), rows),
  };
});

/** The knowledge of the operation's account. */
export const knowledgeOf = createContextCache(
  (operation: Operation): Knowledge => ({
    registry: operation.registry,
    known: operation.known,
    capabilities: capabilitiesOf(operation),
  }),
);

/** Remembers which includes rows came with, and which not although they were asked for. */
export function learnIncludes(
  operation: Operation,
  recordType: RecordType,
  call: string,
  { include, rows }: { include: readonly string[]; rows: PageAnswer['rows'] },
): void {
  const capabilities = capabilitiesOf(operation);
  const shown = rows.filter(({ withheld }) => withheld !== true);
  for (const name of shown.length > 0 ? include : []) {
    const declared = recordType.includes[name];
    if (!declared) continue;
    // Where a page ignores a doubtful include, a read of the record is expected to ignore it as well.
    const calls = relationOf(recordType, name).doubtful ? [call, readCall(recordType)] : [call];
    const isThere = shown.some((row) => row[columnOf(declared)] !== undefined);
    for (const each of calls)
      isThere ? capabilities.markAvailable(each, name) : capabilities.markUnavailable(each, name);
  }
}

/** True if a read of the record is known to ignore an include whose rows can be read elsewhere. */
export const isReadElsewhere = (recordType: RecordType, include: string, capabilities: Capabilities): boolean =>
  relationOf(recordType, include).subResource !== undefined &&
  capabilities.isUnavailable(readCall(recordType), include);
