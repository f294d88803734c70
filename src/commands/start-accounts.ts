import type { Config } from '../config/config.ts';
import { Poller } from '../events/poller.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Log } from '../observability/log.ts';
import { describeError } from '../server/errors.ts';
import type { ConnectedAccount } from '../server/open-account.ts';
import type { WebhookOptions } from '../server/routes.ts';
import { StoreUnavailable } from '../stores/store.ts';
import { warn } from '../terminal.ts';
import { type FirstContact, makeFirstContact } from './first-contact.ts';
import { StartError } from './start.ts';

/** The secret of each account’s webhooks, and where they go. A secret belongs to one account, so it tells which one a webhook is for. */
export const webhooksOf = (
  { webhooks, webhookHeader: header }: Config,
  accounts: readonly ConnectedAccount[],
): readonly WebhookOptions[] =>
  accounts.flatMap(({ named, feed }) => {
    const secret = named ? named.webhookSecret : webhooks?.secret;
    return secret === undefined ? [] : [{ secret, header, take: (reports) => feed.addReports(reports) }];
  });

/** Opens the feeds before the first webhook arrives, because an acknowledged webhook must be stored. */
export async function openFeeds(config: Config, accounts: readonly ConnectedAccount[]): Promise<void> {
  const { webhooks, changes } = config;
  for (const { named, feed } of accounts)
    if (webhooks || named?.webhookSecret !== undefined || changes.pollMs !== undefined)
      await feed.open().catch((error: unknown) => {
        if (error instanceof StoreUnavailable) return;
        const { code, message } = error as Error & { code?: unknown };
        throw new StartError(
          `The change feed cannot be opened in ${changes.folder} (${typeof code === 'string' ? code : message}). Set STATE_DIR to a folder that can be written.`,
        );
      });
}

/** Finds changes that no webhook announces, with the server’s own keys. Returns how to stop it. */
export function startPolling(
  { changes: { pollMs } }: Config,
  accounts: readonly ConnectedAccount[],
  log: Pick<Log, 'warn' | 'error'>,
): () => void {
  if (pollMs === undefined) return () => {};
  const pollers = accounts.map(({ name, named, own, feed, lock }) => {
    const fix = named ? `“key” of the account ${named.name} in the file of accounts` : 'FRESHSALES_API_KEY';
    if (!own) throw new StartError(`CHANGES_POLL_SECONDS needs a key. Set ${fix}, or remove it.`);
    return new Poller({
      account: own,
      feed,
      everyMs: pollMs,
      ...(lock && { lock: () => lock('poll changes') }),
      onFailure: (error) => logFailure(log, name, error),
    });
  });
  for (const poller of pollers) void poller.run();
  return () => {
    for (const poller of pollers) poller.stop();
  };
}

function logFailure(log: Pick<Log, 'warn' | 'error'>, account: string, error: unknown): void {
  const isExpected = error instanceof FreshsalesError || error instanceof StoreUnavailable;
  const line = { account, ...(isExpected ? { reason: error.message } : describeError(error)) };
  log[isExpected ? 'warn' : 'error'](line, 'Polling for changes failed');
}

/**
 * Makes the first call to each account whose key the server has.
 *
 * @throws StartError if the key or the address of the only account is wrong. One of several takes no requests away from the others.
 */
export async function contactAccounts(
  accounts: readonly ConnectedAccount[],
  signal: AbortSignal,
): Promise<FirstContact | undefined> {
  // One signal for all would have a listener for each.
  const contacts = accounts.map((account) => () => contactOf(account, AbortSignal.any([signal])));
  const [only, ...others] = contacts;
  if (!only || others.length === 0) return only?.();
  const all = await Promise.all(contacts.map(withoutFailing));
  return {
    problem() {
      const problems = all.flatMap((contact) => contact?.problem() ?? []);
      return problems.length > 0 ? `${problems.length} of ${accounts.length} accounts cannot be used yet.` : undefined;
    },
    settled: Promise.resolve(),
  };
}

async function withoutFailing(contact: () => Promise<FirstContact | undefined>): Promise<FirstContact | undefined> {
  try {
    const made = await contact();
    made?.settled.catch(warnOfFailure);
    return made;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    warnOfFailure(error);
    return { problem: () => error.message, settled: Promise.resolve() };
  }
}

const warnOfFailure = ({ message }: Error) =>
  warn(`Warning: ${message} The other accounts are served. Start the server again when this is corrected.`);

/** With pass-through the server has no key to check, and the sandbox always answers. */
async function contactOf(
  { name, named, upstream, own, reached }: ConnectedAccount,
  signal: AbortSignal,
): Promise<FirstContact | undefined> {
  if (!upstream || !own) return undefined;
  return makeFirstContact({
    account: own,
    baseURL: upstream.baseURL,
    reached,
    signal,
    settings: named
      ? { key: named.keyName ?? 'its key', address: `the account ${name} in the file of accounts` }
      : { key: 'FRESHSALES_API_KEY', address: 'FRESHSALES_DOMAIN or FRESHSALES_URL' },
    warn: (text) => warn(`Warning: ${text}`),
  });
}
