import type { RecordAnswer } from '../freshsales/answer.ts';
import type { Session } from '../freshsales/client.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified, Resource } from '../freshsales/resource.ts';
import type { Row } from '../freshsales/rows.ts';
import type { Order } from '../freshsales/writes.ts';
import { intentOf, objectsIn } from './gate.ts';
import { type Kind, kindOfTarget, resourceOfKind } from './kind.ts';
import type { Policy } from './policy.ts';
import type { Sieve } from './sieve.ts';

interface Proving {
  readonly reads: Pick<Session, 'get'>;
  readonly policy: Policy;
  readonly sieve: Sieve;
  /** Records that were seen to be the caller's own, for the gate to ask. */
  readonly proven: Set<string>;
}

/** The writes of a session as a caller may use them. */
export function guardedWrites(session: Session, proving: Proving): Pick<Session, 'write' | 'toWritten'> {
  return {
    write: async (order) => {
      await proveAll(order, proving);
      return session.write(order);
    },
    toWritten: (resource, reply) => sifted(session.toWritten(resource, reply), resource, proving.sieve),
  };
}

/** Reads what a write is about where only one owner's records are granted: somebody else's is as if it were not there. */
async function proveAll(order: Order, proving: Proving): Promise<void> {
  const intent = intentOf(order);
  for (const kind of intent?.kinds ?? []) if (intent?.id !== undefined) await proveOne(kind, intent.id, proving);
  for (const { targetable_type: type, targetable_id: id } of objectsIn(order.body))
    if (type !== undefined && type !== null) await proveOne(kindOfTarget(type), String(id), proving);
}

async function proveOne(kind: Kind | undefined, id: string, { reads, policy, proven }: Proving): Promise<void> {
  const resource = kind && policy.grants[kind].owner !== undefined ? resourceOfKind(kind) : undefined;
  if (!resource || proven.has(`${kind}/${id}`)) return;
  if (!(await reads.get(resource, id)))
    throw new FreshsalesError('NOT_FOUND', 'Freshsales has no such record.', { status: 404 });
  proven.add(`${kind}/${id}`);
}

/** Of a record that was written, the id at the least: who wrote it knows that it is there. */
function sifted<R extends Identified>(
  { row, sideloads }: RecordAnswer<R>,
  resource: Resource<R>,
  sieve: Sieve,
): RecordAnswer<R> {
  const shown = sieve.row(resource.name, row);
  const seen: Row = typeof shown === 'string' ? { id: row.id, partial: true } : shown;
  return { row: seen, sideloads: sieve.sideloads(sideloads) } as RecordAnswer<R>;
}
