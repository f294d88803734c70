import type { FilterRule, Session } from '../freshsales/client.ts';
import { outside } from './grant.ts';
import { type Kind, recordTypeOfKind } from './kind.ts';
import type { Policy } from './policy.ts';
import { kindCompared, type RowFilter } from './row-filter.ts';

export interface Reads extends Pick<Session, 'get' | 'recall'> {}

/** Whether a record is known to be the caller's own. Somebody else's is as if it were not there. */
export async function isOwn({ kind, id }: { kind: Kind; id: string }, { get, recall }: Reads, rowFilter: RowFilter) {
  const recordType = recordTypeOfKind(kind);
  if (!recordType || !/^\d+$/.test(id)) return false;
  const isShown = () => rowFilter.isShown(recordType.name, id);
  if (isShown()) return true;
  // What others have read a moment ago goes through the sieve of this caller, and costs no call.
  if (await recall(recordType, id, isShown)) return true;
  return (await get(recordType, id)) !== null;
}

/** A filter names records as a write does: of kinds of which only one owner's may be seen, only these. */
export async function checkNamedInRules(
  { grants }: Policy,
  kind: Kind,
  rules: readonly FilterRule[],
  isKnown: (subject: { kind: Kind; id: string }) => Promise<boolean>,
): Promise<void> {
  for (const { attribute, operator, value } of rules) {
    const named = kindCompared(kind, attribute);
    if (!named || grants[named].owner === undefined) continue;
    const ids = ['is', 'is_in'].includes(operator) ? [value].flat(2).map(String) : [''];
    const known = await Promise.all(ids.map((id) => isKnown({ kind: named, id })));
    if (!known.every(Boolean)) throw outside('This filter');
  }
}
