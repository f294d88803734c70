import type { Account } from '../account.ts';
import { targetsOf } from '../links.ts';
import type { Row } from '../store.ts';
import { text } from './cast.ts';
import { mandatoryTargetStep } from './target.ts';
import type { WriteRules } from './write-rules.ts';

/** A record shows the newest note about it. */
function showNewest({ store }: Account, target: string): void {
  const [name = '', id = ''] = target.split(':');
  const notes = store.of('Note').query((note) => targetsOf(note).includes(target));
  const [newest] = [...notes].sort(
    (a, b) => Date.parse(String(b.created_at)) - Date.parse(String(a.created_at)) || Number(b.id) - Number(a.id),
  );
  store.of(name).update(id, { recent_note: newest?.description ?? null });
}

export const noteRules: WriteRules = {
  columns: { description: text() },
  steps: [(draft) => draft.require('description', "Description can't be empty"), mandatoryTargetStep],
  settle: (account, before, after) => {
    const about = (row: Row | undefined): string[] => (row ? targetsOf(row) : []);
    for (const target of new Set([...about(before), ...about(after)])) showNewest(account, target);
  },
};
