import type { Account, Columns, RecordSandbox } from './account.ts';
import { restamp } from './clock.ts';
import type { Row } from './store.ts';

/** The receiver of what workflows post. */
interface WorkflowTarget {
  /** The URL before `/deal/updated`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Replace to reach a server without a socket. */
  readonly fetch?: typeof globalThis.fetch;
}

/** Record types that workflows know. Deletions are not announced. */
const TYPES = ['Contact', 'SalesAccount', 'Deal', 'Lead', 'Task', 'Appointment'];

/** Time limit for a receiver. */
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
    body: JSON.stringify(simpleContent(account, row, one)),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
}

/** Lookups that appear by their names, not their ids. */
const NAMED: Columns = {
  deal_pipeline_id: 'DealPipeline',
  deal_stage_id: 'DealStage',
  contact_status_id: 'ContactStatus',
  lead_stage_id: 'LeadStage',
};

/** Columns of the account of a deal that appear with the deal. */
const OF_ACCOUNT = ['name', 'address', 'city', 'state', 'zipcode', 'country', 'phone'];

/** The columns of a record under the name of its type (WEBHOOKS 4). */
function simpleContent(account: Account, row: Row, one: string): Columns {
  const columns = Object.entries(row).flatMap(([column, value]) => cells(account, column, value));
  const custom = Object.entries(row.custom_field ?? {}).map(
    ([column, value]) => [column, typeof value === 'number' ? String(value) : shown(account, value)] as const,
  );
  return Object.fromEntries([...columns, ...custom].map(([column, value]) => [`${one}_${column}`, value]));
}

/** The contribution of a column: usually itself. Lists and objects are left out. */
function cells(account: Account, column: string, value: unknown): (readonly [column: string, value: unknown])[] {
  const { store } = account;
  const id = String(value ?? '');
  const lookup = NAMED[column];
  if (lookup !== undefined) return [[column.replace(/id$/, 'name'), store.of(String(lookup)).get(id)?.name ?? null]];
  if (column === 'deal_reason_id') {
    const reason = store.of('DealReason').get(id)?.name ?? null;
    return [['lost_reason', reason], numbered('lost_reason_id', value)];
  }
  if (column === 'sales_account_id') {
    const company = store.of('SalesAccount').get(id);
    const more = OF_ACCOUNT.map((name) => [`sales_account_${name}`, company?.[name] ?? null] as const);
    return [numbered(column, value), ...more];
  }
  if (typeof value === 'object' && value !== null) return [];
  if (column === 'id' || column.endsWith('_id')) return [numbered(column, value)];
  return [[column, column.endsWith('amount') && value !== null ? Number(value) : shown(account, value)]];
}

const numbered = (column: string, id: unknown): readonly [column: string, value: unknown] => [
  column,
  typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : (id ?? null),
];

/** `2026-06-15T14:30:00+02:00` is sent as `06-15-2026 14:30:00`, in the account's zone. */
function shown({ zone }: Account, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d:\d\d).*)?$/.exec(restamp(value, zone)) ?? [];
  if (year === undefined) return value;
  return `${month}-${day}-${year}${time === undefined ? '' : ` ${time}`}`;
}
