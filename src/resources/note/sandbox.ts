import { type Account, defineSandbox } from '../../sandbox/account.ts';
import { noSuchRoute, notFound } from '../../sandbox/answers.ts';
import { targetablesOf, targetLink, targetsOf } from '../../sandbox/links.ts';
import type { Row } from '../../sandbox/store.ts';
import { text } from '../../sandbox/writes/cast.ts';
import { mandatoryTargetStep } from '../../sandbox/writes/target.ts';
import { noteType } from './record.ts';

/** Records show their newest note. */
function showNewest({ store }: Account, target: string): void {
  const [name = '', id = ''] = target.split(':');
  const notes = store.of('Note').query((note) => targetsOf(note).includes(target));
  const [newest] = [...notes].sort(
    (a, b) => Date.parse(String(b.created_at)) - Date.parse(String(a.created_at)) || Number(b.id) - Number(a.id),
  );
  store.of(name).update(id, { recent_note: newest?.description ?? null });
}

export const noteSandbox = defineSandbox(
  noteType,
  {
    columns: { description: text() },
    steps: [(draft) => draft.require('description', "Description can't be empty"), mandatoryTargetStep],
    settle: (account, before, after) => {
      const about = (row: Row | undefined): string[] => (row ? targetsOf(row) : []);
      for (const target of new Set([...about(before), ...about(after)])) showNewest(account, target);
    },
    attributes: ['targetable_id', 'targetable_type'],
  },
  {
    columns: { always: ['creater_id'], rare: ['targetable'] },
    fill: (row, given, account) => ({
      ...targetablesOf(account, row),
      has_access: given.has_access ?? true,
      collab_context: given.collab_context ?? { hasSlackViewAccess: false, messageId: '' },
    }),
    links: [targetLink('note_ids')],
    timeline: { type: 'NOTE_CREATED', column: 'note_ids', shows: ['description'] },
    // Notes can only be read through their targets. The route exists, but finds nothing.
    routes: (api) => {
      api.get('/notes/:id', () => notFound('note'));
      api.get('/notes', () => noSuchRoute());
    },
  },
);
