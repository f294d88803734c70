import type { GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { columnsBehind, type Grants, kindOfType } from '../access/grant.ts';
import { hidesCustomField, mayReadType } from '../access/permissions.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { ChangeType, FeedEntry } from '../records/changes.ts';
import type { Context } from '../records/context.ts';
import { needsOf, selectionOf } from '../records/field-needs.ts';
import { toGid } from '../records/gid.ts';
import { loaderFor } from '../records/loader.ts';
import type { Needs } from '../records/record-type.ts';
import { belongTo } from '../schema/partial-answers.ts';

/**
 * The changes that the caller of an operation may see, by the rules for reads by id. A caller who is limited to an owner, or
 * with its own key, sees only records that it can read. That costs at most one call per record; `needs` is
 * what is read of them anyway.
 */
export async function visibleChanges<E extends FeedEntry>(
  context: Context,
  entries: readonly E[],
  needs: (type: ChangeType) => Needs,
): Promise<E[]> {
  const readable = new Map<string, Promise<boolean>>();
  const isVisible = async (entry: E): Promise<boolean> => {
    const { type, id } = entry;
    const grants = context.caller?.grants as Grants | undefined;
    if (grants && !mayReadType(grants, type)) return false;
    const kind = kindOfType(type);
    const isLimited = context.changes?.isForeignKey || (grants && kind && grants[kind].owner !== undefined);
    if (!isLimited) return true;
    const key = `${type}/${id}`;
    const known = readable.get(key) ?? isReadable(context, entry, needs(type));
    readable.set(key, known);
    return known;
  };
  const seen = await Promise.all(entries.map(isVisible));
  return entries.filter((_, index) => seen[index]);
}

/** Without quota or allowance this cannot be checked, and the change is not shown. Throws if Freshsales does not accept the caller’s key. */
async function isReadable(context: Context, { type, id }: FeedEntry, needs: Needs): Promise<boolean> {
  const table = context.registry.table(type);
  if (!table) return false;
  try {
    return (await loaderFor(context, table).load(id, needs)) !== null;
  } catch (error) {
    if (error instanceof FreshsalesError && error.code === 'UNAUTHENTICATED') throw error;
    return false;
  }
}

/** The names of changed fields in GraphQL, as far as the caller may know them. Custom fields have their names in Freshsales. */
export function changedFieldsOf(
  { type, fields }: FeedEntry,
  { registry, caller }: Context,
  schema: GraphQLSchema,
): string[] | null {
  const recordType = registry.recordType(type);
  const object = schema.getType(type);
  if (!fields || !recordType || !object || !('getFields' in object)) return null;
  const known = Object.keys(object.getFields());
  const grants = caller?.grants as Grants | undefined;
  const kind = kindOfType(type);
  const shown = fields.flatMap((name) => {
    if (name.startsWith('cf_')) {
      const isHidden = grants && kind && hidesCustomField(grants, kind, name);
      return known.includes('customFields') && !isHidden ? [name] : [];
    }
    const [, base = name] = /^(?:add|remove)?(\w+?)(?:Ids?)?$/.exec(name) ?? [];
    const word = `${base.charAt(0).toLowerCase()}${base.slice(1)}`;
    const field =
      [name, word, `${word}s`].find((each) => known.includes(each)) ??
      known.find((each) => columnsBehind(schema, recordType, each).includes(name));
    return field ?? [];
  });
  return [...new Set(shown)];
}

/** The record of a change as it is now. Freshsales cannot read a note by its id. */
export async function readChanged(entry: FeedEntry, context: Context, info: GraphQLResolveInfo) {
  const { type, id, action } = entry;
  belongTo(entry, toGid(type, id));
  const table = context.registry.table(type);
  if (action === 'deleted' || !table || type === 'Note') return null;
  return loaderFor(context, table).refer(id, needsOf(selectionOf(context, info), type, info));
}
