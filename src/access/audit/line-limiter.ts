import { kindOfType } from '../grant.ts';
import type { AuditEvent } from './audit-event.ts';

interface LineLimiter {
  /** Writes an entry, or counts it for the next summary. */
  take(entry: AuditEvent): void;
  /** Writes pending summaries. */
  flush(): void;
  close(): void;
}

interface LineLimiterOptions {
  readonly write: (entry: AuditEvent) => void;
  /** Interval of summaries. */
  readonly everyMs?: number | undefined;
}

const MINUTE_MS = 60_000;

/** Lines per interval for requests without a valid token. */
const UNKNOWN_CALLER_LINES = 1;

/** Lines per interval for requests of a caller that did not touch the CRM. */
const CALLER_LINES = 100;

/** Maximum number of addresses in a summary. */
const MAX_ADDRESSES = 20;

interface Count {
  written: number;
  count: number;
  from: string;
  last: AuditEvent;
  readonly addresses: Set<string>;
  moreAddresses: boolean;
}

/**
 * Keeps requests that cost nothing from filling the disk. Operations that touch the CRM are always written. Of the rest, a few
 * of each kind are written, and the others are summarized once per interval.
 */
export function createLineLimiter({ write, everyMs = MINUTE_MS }: LineLimiterOptions): LineLimiter {
  const counts = new Map<string, Count>();
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    timer = undefined;
    for (const [kind, count] of counts) {
      if (count.count === 0) {
        counts.delete(kind);
        continue;
      }
      write(summaryOf(count));
      // After a summary, only the next summary is written.
      counts.set(kind, { ...fresh(count.last), written: allowanceOf(count.last) });
    }
    if (counts.size > 0) arm();
  };
  const arm = () => {
    timer ??= setTimeout(tick, everyMs).unref();
  };
  return {
    take(entry) {
      if (touchesCrm(entry)) return write(entry);
      const kind = kindOf(entry);
      const count = counts.get(kind) ?? fresh(entry);
      counts.set(kind, count);
      arm();
      if (count.written < allowanceOf(entry)) {
        count.written += 1;
        return write(entry);
      }
      add(count, entry);
    },
    flush() {
      for (const count of counts.values()) if (count.count > 0) write(summaryOf(count));
      counts.clear();
    },
    close: () => clearTimeout(timer),
  };
}

const touchesCrm = ({ calls, writes, reads, found, decision }: AuditEvent): boolean =>
  calls > 0 ||
  writes.length > 0 ||
  found !== undefined ||
  (decision === 'allowed' && reads.some(({ what }) => kindOfType(what) !== undefined));

/** Clients cannot create new kinds, because only callers, people, decisions and codes are part of the key. */
const kindOf = ({ caller, person, decision, codes, by }: AuditEvent): string =>
  JSON.stringify([caller, person?.subject, decision, codes[0], isUnknown({ caller, codes }) && by]);

const isUnknown = ({ caller, codes }: Pick<AuditEvent, 'caller' | 'codes'>): boolean =>
  caller === null && codes[0] === 'UNAUTHENTICATED';

const allowanceOf = (entry: AuditEvent): number => (isUnknown(entry) ? UNKNOWN_CALLER_LINES : CALLER_LINES);

const fresh = (last: AuditEvent): Count => ({
  written: 0,
  count: 0,
  from: last.at,
  last,
  addresses: new Set(),
  moreAddresses: false,
});

function add(count: Count, entry: AuditEvent): void {
  if (count.count === 0) count.from = entry.at;
  count.count += 1;
  count.last = entry;
  if (entry.address === undefined) return;
  if (count.addresses.size < MAX_ADDRESSES) count.addresses.add(entry.address);
  else if (!count.addresses.has(entry.address)) count.moreAddresses = true;
}

function summaryOf({ count, from, last, addresses, moreAddresses }: Count): AuditEvent {
  const { address: _address, mcp: _mcp, ...entry } = last;
  return {
    ...entry,
    repeated: {
      count,
      from,
      to: last.at,
      addresses: [...addresses],
      ...(moreAddresses && { moreAddresses }),
    },
  };
}
