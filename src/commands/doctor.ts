import { type Config, readConfig } from '../config.ts';
import { connectTo } from '../connect.ts';
import type { Account } from '../context.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Meter } from '../freshsales/transport.ts';
import { contactResource } from '../resources/contact/resource.ts';
import { dealResource } from '../resources/deal/resource.ts';
import { salesAccountResource } from '../resources/sales-account/resource.ts';
import { userLookup } from '../resources/user/resource.ts';
import { print, printJson } from '../terminal.ts';
import { StartError } from './start-error.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}

/** A difference of clocks that would put “due today” on the wrong day is far more; this is what a healthy clock keeps. */
const CLOCK_TOLERANCE_S = 120;

/** Four calls: one that needs only a key, and one for the views of each record type, which tell what the key may see. */
export async function doctor({ json = false }: { json?: boolean }): Promise<void> {
  const config = readConfig();
  const { own, close } = await connectTo(config);
  const findings = await examine(own, config).finally(close);
  const ok = findings.every((finding) => finding.ok);
  if (json) printJson({ ok, findings }, { indent: 2 });
  else print(...findings.map(toLine));
  if (!ok) process.exitCode = 1;
}

const toLine = ({ check, ok, says }: Finding): string => `${ok ? 'ok  ' : 'FAIL'}  ${check}: ${says}`;

async function examine(account: Account | undefined, config: Config): Promise<Finding[]> {
  if (!account) throw new StartError('There is no key to check. Set FRESHSALES_API_KEY.');
  const watch = createWatch();
  const session = account.freshsales.for({ meter: watch.meter });
  const key = await tell('key', async () => `accepted; ${(await session.lookup(userLookup)).length} owners to be seen`);
  const views = key.ok
    ? await Promise.all(
        [contactResource, salesAccountResource, dealResource].map((resource) =>
          tell(`views of ${resource.many}`, async () => {
            const rows = await session.list(`${resource.path}/filters`, 'filters');
            return `${rows.length}: ${rows.map(({ name }) => String(name)).join(', ')}`;
          }),
        ),
      )
    : [];
  return [
    address(config, key),
    key,
    watch.clock(),
    ...views,
    quota(account),
    { check: 'calls', ok: true, says: `this check took ${watch.calls()}` },
  ];
}

async function tell(check: string, look: () => Promise<string>): Promise<Finding> {
  try {
    return { check, ok: true, says: await look() };
  } catch (error) {
    if (!(error instanceof FreshsalesError)) throw error;
    return { check, ok: false, says: error.message };
  }
}

function address({ upstream }: Config, key: Finding): Finding {
  const where = upstream.kind === 'sandbox' ? 'the embedded sandbox' : new URL(upstream.baseURL).host;
  return { check: 'domain', ok: key.ok || /key/.test(key.says), says: `${where}, Freshsales ${upstream.product}` };
}

function quota({ ledger }: Account): Finding {
  const { limit, used, resetAt } = ledger.hour;
  return {
    check: 'quota',
    ok: used < limit,
    says: `${limit - used} of ${limit} calls left this hour, until ${resetAt.toISOString()}`,
  };
}

/** Counts the calls, and compares clocks by the Date header that comes with each answer. */
function createWatch() {
  let calls = 0;
  let skew: number | undefined;
  const meter: Meter = {
    allow() {},
    spend() {
      calls += 1;
    },
    learn(_status, headers) {
      const date = Date.parse(headers.get('date') ?? '');
      if (!Number.isNaN(date)) skew = Math.round((Date.now() - date) / 1000);
    },
  };
  const clock = (): Finding => {
    if (skew === undefined) return { check: 'clock', ok: true, says: 'Freshsales does not tell its time' };
    const ok = Math.abs(skew) <= CLOCK_TOLERANCE_S;
    return { check: 'clock', ok, says: `${Math.abs(skew)} seconds ${skew < 0 ? 'behind' : 'ahead of'} Freshsales’` };
  };
  return { meter, clock, calls: () => calls };
}
