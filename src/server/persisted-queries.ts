import { useAPQ } from '@graphql-yoga/plugin-apq';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../access/callers.ts';
import { ifAvailable, type Store } from '../stores/store.ts';

/** Documents that clients have sent, by their hash, so that they need not send them again. */
export interface PersistedQueries {
  get(hash: string): Promise<string | undefined>;
  set(hash: string, query: string): Promise<void>;
}

/** Memory for documents, in characters. The least recently used ones make room. */
const MAX_CHARACTERS = 8_000_000;

/** Longer documents are sent each time. */
const MAX_LENGTH = 100_000;

const KEEP_MS = 24 * 3_600_000;

const isHash = (text: string): boolean => /^[\da-f]{64}$/.test(text);

const keyOf = (hash: string): string => `persisted query ${hash}`;

/**
 * Kept in memory, and in the store that servers share, so that a client need not register a document with each of them. Without
 * the store, each server knows its own documents.
 */
export function createPersistedQueries(store?: Pick<Store, 'entries'>): PersistedQueries {
  const documents = new LRUCache<string, string>({
    maxSize: MAX_CHARACTERS,
    sizeCalculation: ({ length }) => length + 1,
  });
  return {
    async get(hash) {
      if (!isHash(hash)) return undefined;
      const known = documents.get(hash);
      if (known !== undefined || !store) return known;
      const entry = await ifAvailable(() => store.entries.get<string>(keyOf(hash)));
      if (entry) documents.set(hash, entry.value);
      return entry?.value;
    },
    async set(hash, query) {
      if (query.length > MAX_LENGTH || documents.has(hash)) return;
      documents.set(hash, query);
      await ifAvailable(async () => store?.entries.set(keyOf(hash), query, KEEP_MS));
    },
  };
}

/** Apollo's automatic persisted queries. Callers with trusted documents cannot register others. */
export function usePersistedQueries(
  queries: PersistedQueries,
  callerOf: (request: Request) => Caller | undefined,
): Plugin {
  const plugin: Plugin = useAPQ({ store: queries, responseConfig: { forceStatusCodeOk: true } });
  return {
    ...plugin,
    onParams: (payload) => (callerOf(payload.request)?.trusted ? undefined : plugin.onParams?.(payload)),
  };
}
