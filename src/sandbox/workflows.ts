import type { Account, RecordSandbox } from './account.ts';
import type { Row } from './store.ts';

/** Where workflows post to. */
interface WorkflowTarget {
  /** The URL before `/deal/updated`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replace to reach a server without a socket. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Record types that workflows know. Deletions are not announced. */
const TYPES = ['Contact', 'SalesAccount', 'Deal', 'Lead', 'Task', 'Appointment'];

/** How long a receiver may take. */
const TIMEOUT_MS = 5000;

/** Workflows for each record type, which run when a record is created or updated through the API, and post its simple content. */
export class Workflows {
  target: WorkflowTarget | undefined;
  #sending: Promise<void> = Promise.resolve();

  /** Posts after the response to the write, one request after another. Freshsales is not known to repeat failures. */
  run(account: Account, name: string, event: 'created' | 'updated', id: string): void {
    const sandbox = account.types.of(name);
    const { target } = this;
    if (!target || !sandbox || !TYPES.includes(name)) return;
    this.#sending = this.#sending
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => post(account, { sandbox, target, event, id }))
      .catch(() => undefined);
  }

  /** Resolves when everything so far was sent. */
  sent(): Promise<void> {
    return this.#sending;
  }
}

interface Posted {
  readonly sandbox: RecordSandbox;
  readonly target: WorkflowTarget;
  readonly event: string;
  readonly id: string;
}

async function post(account: Account, { sandbox, target, event, id }: Posted): Promise<void> {
  const { one, name } = sandbox.recordType;
  const row = account.store.of(name).get(id);
  if (!row) return;
  const { url, headers, fetch = globalThis.fetch } = target;
  const response = await fetch(`${url.replace(/\/$/, '')}/${one}/${event}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(simpleContent(row, one)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
}

/** The columns of a record under the name of its type, with times in the account's own format. */
function simpleContent(row: Row, one: string): Record<string, unknown> {
  const custom = Object.entries(row.custom_field ?? {});
  const plain = [...Object.entries(row), ...custom].filter(([, value]) => value === null || typeof value !== 'object');
  return Object.fromEntries(
    plain.map(([column, value]) => [`${one}_${column}`, column === 'id' ? Number(value) : shown(value)]),
  );
}

/** `2026-06-15T14:30:00+02:00` is sent as `06-15-2026 14:30:00`. */
function shown(value: unknown): unknown {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d))?/.exec(String(value)) ?? [];
  if (typeof value !== 'string' || year === undefined) return value;
  return `${month}-${day}-${year}${time === undefined ? '' : ` ${time}`}`;
}
