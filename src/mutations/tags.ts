import { GraphQLError } from 'graphql';
import { FreshsalesError } from '../freshsales/errors.ts';
import { toList } from '../freshsales/values.ts';
import { idIn, rowIn, type WriteResponse } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { Args, FieldCost } from '../records/field-needs.ts';
import type { RecordType } from '../records/record-type.ts';
import type { UserError } from '../records/write-report.ts';
import { ignored, withColumns } from './not-stored.ts';
import type { Draft, Writable } from './writable.ts';
import { templateOf, updateCall } from './write-facts.ts';

const OTHERS = 'Other tags are kept. Cannot be combined with tags. Costs one more call, which reads the current tags.';

const changing = (change: 'added' | 'removed', description: string): Writable<readonly string[]> => ({
  type: ['String'],
  column: 'tags',
  ignoresNull: true,
  description: `${description} ${OTHERS}`,
  write: (values, { path, draft }) => {
    const field = path.at(-1);
    if ('tags' in draft.columns)
      draft.refuse(path, `Provide either tags, which replaces all of them, or ${field}, not both.`);
    const tags = values.map((tag) => tag.trim());
    tags.forEach((tag, index) => {
      if (tag === '') draft.refuse([...path, String(index)], 'A tag must not be empty.', 'REQUIRED');
      if (change === 'removed' && draft.tags?.added.includes(tag))
        draft.refuse([...path, String(index)], `The tag “${tag}” cannot be both added and removed.`);
    });
    draft.tags = { added: draft.tags?.added ?? [], removed: draft.tags?.removed ?? [], [change]: tags };
  },
});

/** Fields of an update that change some of the tags. They come after `tags` in the input. */
export const tagChanges = {
  addTags: changing('added', 'Tags to add.'),
  removeTags: changing('removed', 'Tags to remove.'),
};

/** Tags of many records cannot be read first. */
export function refuseTagChanges(draft: Draft): void {
  if (draft.tags)
    draft.refuse(
      tagsPath(draft),
      'A bulk write cannot add or remove tags, because the current tags must be read first. Use tags, or update the records one by one.',
    );
}

const tagsPath = ({ paths }: Draft): readonly string[] => paths.get('tags') ?? ['input'];

/** The tags after the change. Undefined if they stay as they are. */
function changed(current: readonly string[], { tags }: Draft): string[] | undefined {
  const { added = [], removed = [] } = tags ?? {};
  const kept = current.filter((tag) => !removed.includes(tag));
  const all = [...new Set([...kept, ...added])];
  return all.length === new Set(current).size && all.every((tag) => current.includes(tag)) ? undefined : all;
}

/** Writes the changed tags of a record into the draft, or nothing if they stay as they are. */
export function mergeTags(draft: Draft, row: object): void {
  if (!draft.tags) return;
  const tags = 'tags' in row ? changed(toList(row.tags), draft) : undefined;
  if (!('tags' in row)) draft.refuse(tagsPath(draft), UNKNOWN_TAGS);
  else if (tags) draft.columns.tags = tags;
}

const UNKNOWN_TAGS =
  'Freshsales did not send the tags of this record, so they cannot be changed. Use tags to replace them.';

/** True if an input changes some of the tags. */
export function changesTags(input: unknown): boolean {
  const { addTags, removeTags } = (input ?? {}) as Args;
  return Array.isArray(addTags) || Array.isArray(removeTags);
}

/** An upsert finds its record only by the write, so the tags are changed after it. */
export const tagsAfterUpsert = {
  cost: (recordType: RecordType, { input }: Args): FieldCost[] =>
    changesTags(input) ? [{ calls: 1, call: templateOf(updateCall(recordType)) }] : [],
  run: upsertTags,
};

async function upsertTags(
  context: Context,
  recordType: RecordType,
  { draft, reply }: { draft: Draft; reply: WriteResponse },
): Promise<{ reply: WriteResponse; userErrors: readonly UserError[] }> {
  const { name, path, one } = recordType;
  const update = updateCall(recordType);
  const id = idIn(rowIn(reply.body, one));
  if (!draft.tags || id === undefined) return { reply, userErrors: [] };
  try {
    const tags = await context.exclusive.run(`${name} ${id}`, async () => {
      const answer = await context.freshsales.getFresh(recordType, id);
      const current = toList((answer?.row as { tags?: unknown } | undefined)?.tags);
      const wanted = changed(current, draft);
      if (!wanted) return current;
      await context.freshsales.write({
        method: update.method,
        path: update.path(id),
        body: { [one]: { tags: wanted } },
        change: { type: name, path, ids: [id], touched: [], action: 'update' },
      });
      return wanted;
    });
    return { reply: withColumns(reply, one, { tags }), userErrors: [] };
  } catch (error) {
    // The record is written, so the failure must not hide it.
    if (!(error instanceof FreshsalesError || error instanceof GraphQLError)) throw error;
    return { reply, userErrors: [ignored(tagsPath(draft), `The tags were not changed. ${error.message}`)] };
  }
}
