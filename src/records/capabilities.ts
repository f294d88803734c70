import { createContextCache } from '@pothos/core';
import { LRUCache } from 'lru-cache';
import type { PageAnswer } from '../freshsales/answer.ts';
import { columnOf } from '../freshsales/resource.ts';
import { type Operation, type RecordType, relationOf } from './record-type.ts';

/** What was seen of an account, as far as a plan asks for it. */
export interface KnownCapabilities {
  /** Whether this was seen not to be done: a call, as a template, or an include or column of one. */
  lacks(call: string, name?: string): boolean;
  /** How many rows a list had; undefined where nobody has looked. */
  lengthOf(list: string): number | undefined;
}

export const NO_CAPABILITIES_KNOWN: KnownCapabilities = { lacks: () => false, lengthOf: () => undefined };

/**
 * What was seen of an account: what it does not do, so that it is not tried again in vain, and how long its lists are. It saves
 * calls and nothing depends on it: where it is forgotten, or no longer true, another way is taken.
 */
export interface Capabilities extends KnownCapabilities {
  missed(call: string, name?: string): void;
  /** It was seen to be done after all. */
  came(call: string, name?: string): void;
  measured(list: string, rows: number): void;
}

/** It may be otherwise by then: a plan was changed, a right was given, or a list has grown. */
const HOUR_MS = 3_600_000;

const seen = new WeakMap<object, LRUCache<string, number>>();

/** What the operation's account is like as its API key and its caller see it: another one may be allowed more. */
export const capabilitiesOf = createContextCache(({ once, caller }: Operation): Capabilities => {
  // There is one `once` for each key, and it lives as long as the key is used.
  // Bounded by size, since `max` would allocate room for all of them for each API key.
  const all =
    seen.get(once) ?? new LRUCache<string, number>({ maxSize: 10_000, sizeCalculation: () => 1, ttl: HOUR_MS });
  seen.set(once, all);
  const keyOf = (call: string, name = '') => `${caller?.name ?? ''} ${call} ${name}`;
  return {
    lacks: (call, name) => all.has(keyOf(call, name)),
    missed: (call, name) => void all.set(keyOf(call, name), 0),
    came: (call, name) => void all.delete(keyOf(call, name)),
    lengthOf: (list) => all.get(keyOf('length', list)),
    measured: (list, rows) => void all.set(keyOf('length', list), rows),
  };
});

/** The read of one record by itself, as a template. */
export const readCall = ({ path }: Pick<RecordType, 'path'>): string => `GET /${path}/{id}`;

/** Remembers which includes rows came with, and which not although they were asked for. */
export function observeIncludes(
  context: Operation,
  recordType: RecordType,
  call: string,
  { include, rows }: { include: readonly string[]; rows: PageAnswer['rows'] },
): void {
  const observed = capabilitiesOf(context);
  const told = rows.filter(({ withheld }) => withheld !== true);
  for (const name of told.length > 0 ? include : []) {
    const declared = recordType.includes[name];
    if (!declared) continue;
    // What nobody has seen come, and a page does not bring, a record by itself is not likely to bring either.
    const calls = relationOf(recordType, name).doubtful ? [call, readCall(recordType)] : [call];
    const isThere = told.some((row) => row[columnOf(declared)] !== undefined);
    for (const each of calls) isThere ? observed.came(each, name) : observed.missed(each, name);
  }
}
