import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { AuditEvent } from '../access/audit/audit-event.ts';
import type { Config } from '../config/config.ts';
import type { ImportedType, RowOutcome } from '../export/run-import.ts';
import type { Account } from '../records/context.ts';
import type { AuditedWrite } from '../records/write-report.ts';
import { print } from '../terminal.ts';
import { openLog } from './start.ts';

/** The result of an export or import. */
type Transferred = Pick<AuditEvent, 'operation' | 'reads' | 'writes' | 'fields' | 'calls' | 'codes'>;

/** Opens the audit log, if configured. `note` writes the line of an export, of what it appends while it watches, or of an import. */
export async function openTransferAudit(config: Config) {
  const audit = await openLog(config, (line) => print(line.trimEnd()));
  let startedAt = performance.now();
  return {
    note({ name, ledger }: Account, transferred: Transferred): void {
      audit?.write({
        at: new Date().toISOString(),
        requestId: randomUUID(),
        caller: `${userName()} on the command line`,
        account: name,
        decision: 'allowed',
        by: [],
        ...transferred,
        left: ledger.hour.limit - ledger.hour.used,
        durationMs: Math.round(performance.now() - startedAt),
      });
      startedAt = performance.now();
    },
    close: () => audit?.close(),
  };
}

/** A user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'A user without a name';
  }
}

const OUTCOMES = [
  ['SUCCEEDED', 'done'],
  ['FAILED', 'refused'],
  ['UNKNOWN', 'unknown'],
] as const;

/** The rows of an import by their outcomes. */
export class WrittenRows {
  readonly #type: ImportedType;
  readonly #identifiers = new Map<string, string[]>();

  constructor(type: ImportedType) {
    this.#type = type;
  }

  add({ outcome, identifier }: RowOutcome): void {
    const same = this.#identifiers.get(outcome) ?? [];
    same.push(identifier);
    this.#identifiers.set(outcome, same);
  }

  get all(): AuditedWrite[] {
    return OUTCOMES.flatMap(([from, outcome]) => {
      const id = this.#identifiers.get(from);
      return id ? [{ type: this.#type, action: 'bulkUpsert', id, outcome }] : [];
    });
  }
}
