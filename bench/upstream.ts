import { contactType } from '../src/resources/contact/record.ts';
import { dealType } from '../src/resources/deal/record.ts';
import { listenSandbox } from '../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';

/** The sandbox on a socket, and ids of its records. */
export interface Upstream {
  readonly sandbox: Sandbox;
  readonly url: string;
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A quota that no benchmark of calls reaches. */
export const PLENTY = { hourlyLimit: 1_000_000_000, minuteLimit: 1_000_000_000 };

export async function openUpstream(): Promise<Upstream> {
  const sandbox = createSandbox({ behaviours: PLENTY });
  const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  const variables = { ...busiest(sandbox), ...(await views(url)), text: 'alder', since: '2020-01-01T00:00:00Z' };
  sandbox.requests.length = 0;
  return { sandbox, url, close, variables };
}

/** The contact and the account with the most deals. */
function busiest(sandbox: Sandbox): { contact: string; account: string } {
  const deals = sandbox.rows(dealType);
  const live = new Set(sandbox.rows(contactType).flatMap(({ id, is_deleted }) => (is_deleted ? [] : [id])));
  return {
    contact: mostFrequent(deals.flatMap(({ contact_ids }) => contact_ids ?? []).filter((id) => live.has(id))),
    account: mostFrequent(deals.flatMap(({ sales_account_id }) => sales_account_id ?? [])),
  };
}

function mostFrequent(ids: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), ['', 0] as const)[0];
}

/** The ids of the “All” views, for contenders that cannot look them up. */
async function views(url: string): Promise<Record<string, string>> {
  const idOf = async (path: string): Promise<string> => {
    const response = await fetch(`${url}/${path}/filters`, { headers: { authorization: 'Token token=bench' } });
    const { filters } = (await response.json()) as { filters: { id: number; name: string }[] };
    return String(filters.find(({ name }) => name.startsWith('All '))?.id);
  };
  return {
    contactView: await idOf('contacts'),
    accountView: await idOf('sales_accounts'),
    dealView: await idOf('deals'),
  };
}
