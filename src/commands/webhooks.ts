import { type Config, readConfig } from '../config/config.ts';
import { namedAccounts } from '../config/upstream.ts';
import { recordTypes } from '../resources/index.ts';
import { print, printJson } from '../terminal.ts';
import { StartError } from './start.ts';

interface WorkflowOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** The record types that workflows know, by their names in Freshsales. */
const MODULES = [
  ['contact', 'Contacts'],
  ['sales_account', 'Accounts'],
  ['deal', 'Deals'],
  ['task', 'Tasks'],
  ['appointment', 'Meetings'],
  ['lead', 'Leads'],
] as const;

/** Prints the workflow to build for each record type. */
export async function printWorkflows({ url: given, json = false }: WorkflowOptions): Promise<void> {
  const config = readConfig();
  const base = baseOf(config, given);
  const header = config.webhookHeader;
  const named = await namedAccounts(config.upstream);
  const hasLeads = named
    ? named.some(({ upstream }) => upstream.product === 'classic')
    : config.upstream.kind !== 'accounts' && config.upstream.product === 'classic';
  const isOn = named ? named.some(({ webhookSecret }) => webhookSecret !== undefined) : config.webhooks !== undefined;
  const modules = MODULES.filter(([one]) => one !== 'lead' || hasLeads);
  const workflows = modules.flatMap(([one, module]) =>
    (['created', 'updated'] as const).map((event) => ({
      module,
      event,
      trigger: `A record is ${event}${event === 'updated' ? ', recurrently' : ''}, without conditions`,
      method: 'POST',
      url: `${base}/webhooks/freshsales/${one}/${event}`,
      header: `${header}: the ${named ? 'secret of the account (webhookSecret)' : 'value of WEBHOOK_SECRET'}`,
      encoding: 'JSON',
      content: `{ "id": "{{${one}.id}}" }`,
    })),
  );
  if (json) return printJson(workflows, { indent: 2 });
  print(
    isOn
      ? 'Webhooks are on.'
      : `Webhooks are off. Set ${named ? 'webhookSecret of an account in the file of accounts' : 'WEBHOOK_SECRET'} to a long random value, and start the server again.`,
    'Create these workflows under Admin Settings → Workflows. Each has the action “Trigger webhook”.',
    ...workflows.flatMap((workflow) => [
      '',
      `${workflow.module}, ${workflow.event}`,
      `  trigger   ${workflow.trigger}`,
      `  request   ${workflow.method} ${workflow.url}`,
      `  header    ${workflow.header}`,
      `  content   advanced, ${workflow.encoding}: ${workflow.content}`,
    ]),
    '',
    'Insert the placeholder from the menu, as its name may differ. Without separate workflows for both events, use the URL that ends with “updated”.',
    'Behind Cloudflare, switch off the Browser Integrity Check for /webhooks/*: it blocks Freshsales (403, error code 1010).',
    'Try the receiver: npx freshsales-graphql webhooks test',
  );
}

interface TestOptions {
  readonly url?: string;
  readonly type: string;
  readonly event: string;
  readonly id: string;
}

/** Time limit for a server. */
const TIMEOUT_MS = 10_000;

/** Posts a sample in the simple content of Freshsales, and shows the response and the change. */
export async function testWebhook({ url: given, type, event, id }: TestOptions): Promise<void> {
  const config = readConfig();
  if (config.upstream.kind === 'accounts')
    throw new StartError(
      'This command tries the webhooks of one account. Start it without FRESHSALES_ACCOUNTS and with WEBHOOK_SECRET set to the secret of the account.',
    );
  if (!config.webhooks) throw new StartError('WEBHOOK_SECRET is not set. Set it to the secret of the server.');
  if (!/^\d{1,20}$/.test(id))
    throw new StartError('--id is not valid. Set it to a Freshsales id, such as 31016358306.');
  const base = baseOf(config, given);
  const target = `${base}/webhooks/freshsales/${encodeURIComponent(type)}/${encodeURIComponent(event)}`;
  const { secret, header } = config.webhooks;
  const one = recordTypes.find((each) => [each.one, each.name.toLowerCase()].includes(type.toLowerCase()))?.one ?? type;
  const after = await endOfFeed(base, config);
  const response = await send(target, {
    headers: { [header]: secret },
    body: { [`${one}_id`]: Number(id), [`${one}_name`]: 'A sample of freshsales-graphql webhooks test' },
  });
  const text = await response.text();
  print(`POST ${target}`, `${response.status} ${text.slice(0, 2000)}`);
  if (response.status !== 202) {
    process.exitCode = 1;
    return;
  }
  if (after === undefined) return print('The feed was not read: set FRESHSALES_CALLER_TOKEN to the token of a caller.');
  const added = await changesAfter(base, config, after);
  print(
    ...(added?.length
      ? added.map((change) => `Change ${change}`)
      : ['No new change: the same record changed a moment ago, or this caller may not read it.']),
  );
}

function baseOf({ host, port, basePath }: Config, given: string | undefined): string {
  if (given === undefined) return `http://${host.includes(':') ? `[${host}]` : host}:${port}${basePath}`;
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given))
    throw new StartError('--url is not valid. Set it to a URL such as https://crm-api.example.com.');
  return given.replace(/\/(graphql|webhooks\/freshsales)?\/?$/, '');
}

async function send(
  url: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: object },
): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new StartError(`${new URL(url).origin} does not answer. Start the server, or set --url to its address.`);
  }
}

interface FeedAnswer {
  readonly data?: {
    readonly changes?: {
      readonly nodes: readonly { readonly recordId: string; readonly action: string; readonly source: string }[];
      readonly pageInfo: { readonly endCursor: string };
    } | null;
  } | null;
}

/** Undefined if the feed cannot be read with the credentials of this configuration. */
async function readFeed(base: string, { callerToken }: Config, args: string) {
  const response = await send(`${base}/graphql`, {
    headers: callerToken === undefined ? {} : { authorization: `Bearer ${callerToken}` },
    body: { query: `{ changes(${args}) { nodes { recordId action source } pageInfo { endCursor } } }` },
  });
  try {
    return ((await response.json()) as FeedAnswer).data?.changes ?? undefined;
  } catch {
    return undefined;
  }
}

const endOfFeed = async (base: string, config: Config): Promise<string | undefined> =>
  (await readFeed(base, config, 'first: 0'))?.pageInfo.endCursor;

const changesAfter = async (base: string, config: Config, after: string): Promise<string[] | undefined> =>
  (await readFeed(base, config, `first: 10, after: ${JSON.stringify(after)}`))?.nodes.map(
    ({ recordId, action, source }) => `${recordId} ${action} ${source}`,
  );
