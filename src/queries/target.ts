import { toWireId } from '../freshsales/writes.ts';
import type { Spot, Writable } from '../mutations/writable.ts';
import { isGid, parseGid, withoutZeros } from '../records/gid.ts';
import { type RecordKind, RecordTypeEnum, searchableTypes } from './record.ts';

/** Both fields are written together, by {@link writeTarget}. */
const together = { write: () => {} };

/** Input fields for the target of a task, appointment, note or sales activity. */
export const targetFields: { readonly targetId: Writable<string>; readonly targetType: Writable<RecordKind> } = {
  targetId: {
    ...together,
    type: 'ID',
    column: 'targetable_id',
    refersTo: searchableTypes.map(({ name }) => name),
    description: 'Record it belongs to. A Freshsales id also needs targetType; a global id does not.',
  },
  targetType: {
    ...together,
    type: RecordTypeEnum,
    column: 'targetable_type',
    description: 'Type of the target record. Required if targetId is a Freshsales id.',
  },
};

interface Target {
  readonly targetId?: string | null;
  readonly targetType?: RecordKind | null;
}

/** Writes the target as id and class name (FACTS 11). `needed` makes it required. */
export const writeTarget =
  ({ needed }: { needed: boolean }) =>
  ({ targetId, targetType }: Target, { path, draft }: Spot): void => {
    const at = [...path, 'targetId'];
    if (targetId === undefined) {
      if (targetType !== undefined) draft.refuse(at, 'targetType requires targetId.', 'REQUIRED');
    } else if (targetId !== null) {
      writeFound(targetId, targetType ?? undefined, { path: at, draft });
    } else if (needed) {
      draft.refuse(at, '“targetId” must not be empty.', 'REQUIRED');
    } else {
      Object.assign(draft.columns, { targetable_id: null, targetable_type: null });
    }
  };

function writeFound(given: string, kind: RecordKind | undefined, { path, draft }: Spot): void {
  const gid = isGid(given) ? parseGid(given) : undefined;
  const named = gid && searchableTypes.find(({ name }) => name === gid.type);
  const recordType = named ?? searchableTypes.find(({ one }) => one === kind);
  if (gid && !named)
    draft.refuse(path, `The target must be a Contact, SalesAccount, Deal or Lead, but ${given} has type ${gid.type}.`);
  else if (named && kind !== undefined && named.one !== kind)
    draft.refuse(path, `targetId is a ${named.name}, but targetType is another type. Omit targetType.`);
  else if (!gid && !/^\d{1,20}$/.test(given))
    draft.refuse(path, 'targetId is not an id. Use a global id such as gid://freshsales/Contact/31016358306.');
  else if (!recordType)
    draft.refuse(
      path,
      'A Freshsales id does not state its type. Provide targetType as well, or use a global id.',
      'REQUIRED',
    );
  else {
    const id = gid?.id ?? withoutZeros(given);
    draft.mentions.push({ type: recordType.name, id });
    Object.assign(draft.columns, { targetable_id: toWireId(id), targetable_type: recordType.name });
  }
}
