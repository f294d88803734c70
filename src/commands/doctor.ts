import { type Config, readConfig } from '../config/config.ts';
import { FreshsalesError, type FreshsalesErrorCode } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';
import { userLookup } from '../lookups/lookup-types.ts';
import type { Account } from '../records/context.ts';
import { contactType } from '../resources/contact/record.ts';
import { dealType } from '../resources/deal/record.ts';
import { salesAccountType } from '../resources/sales-account/record.ts';
import { connectTo } from '../server/connect.ts';
import type { ConnectedAccount } from '../server/open-account.ts';
import { print, printJson } from '../terminal.ts';
import { StartError, warnOf } from './start.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

interface Checked {
  readonly finding: Finding;
  readonly error?: FreshsalesError;
}

/** The difference that a healthy clock stays under. */
const CLOCK_TOLERANCE_S = 120;

/** Four calls: one that needs only a key, and one for the views of each record type, to show what the key may see. */
export async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const config = readConfig();
  const { accounts, close } = await connectTo(config);
  warnOf(config);
  const findings = await examineAll(accounts, config).finally(close);
  const ok = findings.every((finding) => finding.ok);
  if (json) printJson({ ok, findings }, { indent: 2 });
  else print(...findings.map(toLine));
  if (!ok) process.exitCode = 1;
}

const toLine = ({ check, ok, says }: Finding): string => `${ok ? 'ok  ' : 'FAIL'}  ${check}: ${says}`;

/** Several accounts are examined one after the other. Each finding names its account. */
async function examineAll(accounts: readonly ConnectedAccount[], config: Config): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const account of accounts) {
    const { named } = account;
    const found = named && !account.own ? [NO_KEY] : await examine(account, config);
    findings.push(...found.map((each) => (named ? { ...each, check: `${named.name}: ${each.check}` } : each)));
  }
  return findings;
}

const NO_KEY: Finding = {
  check: 'key',
  ok: true,
  says: 'not checked, as the account has none in the file of accounts',
};

async function examine(connected: ConnectedAccount, config: Config): Promise<Finding[]> {
  const { own: account } = connected;
  if (!account) throw new StartError('There is no key to check. Set FRESHSALES_API_KEY.');
  const watch = createWatch();
  const session = account.freshsales.for({ meter: watch.meter });
  const key = await run('key', async () => `accepted; ${(await session.lookupRows(userLookup)).length} owners visible`);
  const views = key.finding.ok
    ? await Promise.all(
        [contactType, salesAccountType, dealType].map((recordType) =>
          run(`views of ${recordType.many}`, async () => {
            const rows = await session.list(`${recordType.path}/filters`, 'filters');
            return `${rows.length}: ${rows.map(({ name }) => String(name)).join(', ')}`;
          }),
        ),
      )
    : [];
  return [
    address(connected, key),
    ...proxyOf(connected, key),
    key.finding,
    watch.clock(),
    ...views.map(({ finding }) => finding),
    quota(account),
    await webhooks(config, connected),
    { check: 'calls', ok: true, says: `this check took ${watch.calls()}` },
  ];
}

async function run(check: string, look: () => Promise<string>): Promise<Checked> {
  try {
    return { finding: { check, ok: true, says: await look() } };
  } catch (error) {
    if (!(error instanceof FreshsalesError)) throw error;
    const hint = error.code === 'UNAUTHENTICATED' ? ` ${WHERE_THE_KEY_IS}` : '';
    return { finding: { check, ok: false, says: `${error.message}${hint}` }, error };
  }
}

const WHERE_THE_KEY_IS = 'Set FRESHSALES_API_KEY to the key under Settings → API settings in Freshsales.';

/** A refused key proves that the domain is right, because only Freshsales refuses one. */
const ANSWERED: readonly FreshsalesErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED'];

const UNREACHED = 'Check FRESHSALES_DOMAIN or FRESHSALES_URL, and the network';

function address({ upstream, own }: ConnectedAccount, { error }: Checked): Finding {
  if (!upstream)
    return { check: 'domain', ok: true, says: `the embedded sandbox, Freshsales ${own?.freshsales.product}` };
  const ok = error === undefined || ANSWERED.includes(error.code);
  const { host, protocol } = new URL(upstream.baseURL);
  const hints = error?.redirectHost === undefined ? '' : `. ${afterRedirect(error.redirectHost, { host, protocol })}`;
  const unreached = error?.neverArrived ? `. ${UNREACHED}` : '';
  return { check: 'domain', ok, says: `${host}, Freshsales ${upstream.product}${hints}${unreached}` };
}

/** The proxy on the way, if there is one. It works if Freshsales has answered. */
function proxyOf({ upstream }: ConnectedAccount, { error }: Checked): Finding[] {
  if (!upstream?.proxy) return [];
  const ok = error === undefined || error.status !== undefined;
  const says = `${upstream.proxy.host} (HTTPS_PROXY). To go around it, add the host of the account to NO_PROXY`;
  return [{ check: 'proxy', ok, says }];
}

/** Advice about a redirect. A Freshsales host is the new domain. Other hosts must not get the key unchecked. */
function afterRedirect(target: string, { host, protocol }: { host: string; protocol: string }): string {
  if (target === host && protocol === 'http:')
    return 'It redirects to another address of the same host. Set FRESHSALES_URL to the URL with https://.';
  if (target === '' || target === host)
    return 'It redirects to another address of the same host, most likely to its login page. Check the path in FRESHSALES_URL, or set FRESHSALES_DOMAIN to the domain alone and FRESHSALES_PRODUCT to suite or classic.';
  if (/^[\w-]+\.(myfreshworks\.com|freshsales\.io)$/i.test(target))
    return `The account has moved to ${target}. If that is your account, set FRESHSALES_DOMAIN=${target} instead of the domain or URL that is set now.`;
  return `It redirects to ${target}, which is not a Freshsales domain. Check the spelling of FRESHSALES_DOMAIN or FRESHSALES_URL, and whether a proxy or a login page stands in between.`;
}

function quota({ ledger }: Account): Finding {
  const { limit, used, resetAt } = ledger.hour;
  return {
    check: 'quota',
    ok: used < limit,
    says: `${limit - used} of ${limit} calls left this hour, until ${resetAt.toISOString()}`,
  };
}

/** Webhooks that stopped arriving are no failure: a quiet account sends none. */
async function webhooks({ webhooks: secret }: Config, { named, lastEvents }: ConnectedAccount): Promise<Finding> {
  const check = 'webhooks';
  const isOn = named ? named.webhookSecret !== undefined : secret !== undefined;
  const off = isOn ? '' : `off, as ${named ? 'its webhookSecret' : 'WEBHOOK_SECRET'} is not set`;
  try {
    const events = [...(await lastEvents())].sort(([, one], [, other]) => other - one);
    const arrived = events.map(([type, at]) => `${type} at ${new Date(at).toISOString()}`).join(', ');
    if (events.length === 0) return { check, ok: true, says: off || 'on; none has arrived yet' };
    return { check, ok: true, says: `${off || 'on'}; last arrived: ${arrived}` };
  } catch {
    return { check, ok: false, says: 'the change feed cannot be read. Check STATE_DIR or REDIS_URL.' };
  }
}

/** Counts calls, and compares clocks by the Date header of each response. */
function createWatch() {
  let calls = 0;
  let skew: number | undefined;
  let isAnswered = false;
  const meter: Meter = {
    allow() {},
    spend() {
      calls += 1;
    },
    answered(_status, headers) {
      isAnswered = true;
      const date = Date.parse(headers.get('date') ?? '');
      if (!Number.isNaN(date)) skew = Math.round((Date.now() - date) / 1000);
    },
  };
  const clock = (): Finding => {
    if (!isAnswered) return { check: 'clock', ok: true, says: 'not compared, because Freshsales does not answer' };
    if (skew === undefined) return { check: 'clock', ok: true, says: 'Freshsales does not send its time' };
    const ok = Math.abs(skew) <= CLOCK_TOLERANCE_S;
    return { check: 'clock', ok, says: `${Math.abs(skew)} seconds ${skew < 0 ? 'behind' : 'ahead of'} Freshsales’` };
  };
  return { meter, clock, calls: () => calls };
}
