import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { Config } from '../config/config.ts';
import { LoggedFeed } from '../events/change-feed.ts';
import type { Hint } from '../events/hint.ts';
import type { ChangeAction, RecordChange } from '../records/change-feed.ts';
import { recordTypes } from '../resources/index.ts';
import type { Log } from '../stores/log.ts';
import type { Store } from '../stores/store.ts';
import { warn } from '../terminal.ts';

export interface LogOptions {
  /** Keeps the feed, if several servers share it. */
  readonly store: Store | undefined;
  /** Names the account. */
  readonly account: string;
}

/** Where the feed of an account is kept without Redis. */
export const feedFolder = ({ changes }: Pick<Config, 'changes'>, account: string): string =>
  join(changes.folder, `changes-${account.slice(0, 16)}`);

const ACTIONS = { created: 'create', updated: 'update', deleted: 'delete' } as const satisfies Record<
  ChangeAction,
  string
>;

/** Opens the log of an account: in Redis, or in a folder of its own. */
export const openLogOf =
  (config: Config, { store, account }: LogOptions) =>
  async (): Promise<Log<RecordChange>> => {
    const { maxEntries, maxAgeMs } = config.changes;
    const limits = { maxEntries, maxAgeMs };
    if (store) return store.log<RecordChange>('changes', limits);
    const { openEmbeddedLog } = await import('../stores/embedded/embedded-log.ts');
    return openEmbeddedLog<RecordChange>({ folder: feedFolder(config, account), ...limits });
  };

interface FeedOptions {
  readonly open: () => Promise<Log<RecordChange>>;
  readonly cache: Cache;
  /** The cache of the server’s own key. What other keys cannot read may still exist. */
  readonly ownScope: string | undefined;
  readonly onChange?: (change: Pick<Hint, 'type' | 'action'>) => void;
}

/** Creates the change feed of an account. Its log is opened when it is first needed. */
export function createFeed({ open, cache, ownScope, onChange = () => {} }: FeedOptions): LoggedFeed {
  let isReported = false;
  const feed = new LoggedFeed({
    open,
    cache: {
      invalidate(hint) {
        onChange(hint);
        return cache.invalidate(invalidationOf(hint));
      },
      markLive: (type, agoMs) => cache.markLive(type, agoMs),
      watch: (type, id) => cache.watch(type, id),
    },
    onLost: () => {
      if (!isReported) warn(`Warning: ${LOST}`);
      isReported = true;
    },
  });
  cache.onAbsent(({ type, id, scope, isBinned }) => {
    if (isBinned || scope === ownScope) feed.addAbsence(type, id);
  });
  return feed;
}

const LOST =
  'A change cannot be written to the change feed. Check that STATE_DIR can be written, or that Redis answers. Subscribers miss such changes.';

function invalidationOf({ type, id, action, related = [] }: Hint) {
  return {
    type,
    path: recordTypes.find(({ name }) => name === type)?.path ?? '',
    ids: [id],
    touched: related,
    action: ACTIONS[action],
    ...(action === 'created' && { mayBeRelated: true as const }),
  };
}
