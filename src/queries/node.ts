import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Context } from '../records/context.ts';
import { badInput, RecordError, requireProduct, toError } from '../records/errors.ts';
import { type FieldCost, fetchedBy, needsOf, type Planning, selectionOf } from '../records/field-needs.ts';
import { isGid, parseGid } from '../records/gid.ts';
import { readById } from '../records/strategies/read-one.ts';
import { builder } from '../schema/builder.ts';
import { Node } from '../schema/node.ts';

/** Reads a record by global id. A Freshsales id does not state its type, so it is refused before any call. */
async function readNode(context: Context, gid: string, info: GraphQLResolveInfo): Promise<Identified | null> {
  const named = checkedGid(gid, { registry: context.registry, schema: info.schema });
  const { type } = named;
  requireProduct(context, { table: type.replace(/View$/, ''), what: type });
  const found = await readById.run(context, named, (name) => needsOf(selectionOf(context, info), name, info));
  return found ?? null;
}

/** The type and id of a record that can be read. Throws for other ids. */
function checkedGid(gid: string, { registry, schema }: Pick<Planning, 'registry' | 'schema'>) {
  const named = parseGid(gid);
  const { type } = named;
  if (registry.source(type)) return named;
  if (type === 'Note') throw badInput('Freshsales cannot read a note by id. Read the notes of its record instead.');
  const types = registry.sources.filter((name) => schema.getType(name));
  throw badInput(`${type} is not a node type. Use one of: ${types.join(', ')}.`);
}

const nodeCost = (gid: string, planning: Planning): FieldCost[] =>
  readById.cost(planning.registry, checkedGid(gid, planning).type, gid);

/** In a list, an error takes the place of a missing record. */
async function readNodeOrFail(context: Context, gid: string, info: GraphQLResolveInfo): Promise<Identified | Error> {
  try {
    return (await readNode(context, gid, info)) ?? notFound(gid);
  } catch (error) {
    return error instanceof GraphQLError ? error : new RecordError(gid, toError(error));
  }
}

const notFound = (record: string): GraphQLError =>
  new GraphQLError(`${record} does not exist, or the API key may not see it.`, {
    extensions: { code: 'NOT_FOUND', record },
  });

const MAX_NODES = 500;

function checkCount(ids: readonly string[]): void {
  if (ids.length > MAX_NODES) throw badInput(`${ids.length} ids were given. Request at most ${MAX_NODES} at once.`);
}

/** Removes duplicates, and ids that are refused before any call. */
const readable = (ids: readonly string[], planning: Pick<Planning, 'registry' | 'schema'>): string[] =>
  [...new Set(ids)].filter((id) => isGid(id) && planning.registry.source(parseGid(id).type));

const nodesFetch = {
  cost: ({ ids }: { ids: string[] }, planning: Planning) => {
    checkCount(ids);
    return readable(ids, planning).flatMap((id) => nodeCost(id, planning));
  },
  run: (_root: object, { ids }: { ids: string[] }, context: Context, info: GraphQLResolveInfo) => {
    checkCount(ids);
    // GraphQL replaces an Error in a list with null and reports it with its path.
    return Promise.all(ids.map((id) => readNodeOrFail(context, id, info) as Promise<Identified>));
  },
};

builder.queryFields((t) => ({
  node: t.field({
    type: Node,
    description: 'Any object by its global id. Null if it does not exist. Costs one call, relations included.',
    args: { id: t.arg.id({ required: true, description: 'Global id, such as gid://freshsales/Contact/31016358306.' }) },
    ...fetchedBy(
      {
        cost: ({ id }: { id: string }, planning) => nodeCost(id, planning),
        run: (_root: object, { id }: { id: string }, context: Context, info: GraphQLResolveInfo) =>
          readNode(context, id, info),
      },
      { reads: true },
    ),
  }),
  nodes: t.field({
    type: [Node],
    nullable: { list: true, items: true },
    semanticNonNull: true,
    description:
      'Objects by their global ids, in the order given. A missing object is null and adds an error. Costs at most one call per id; fewer if objects are already loaded or can be read together.',
    args: {
      ids: t.arg.idList({ required: true, description: 'Global ids. A repeated id costs nothing more.' }),
    },
    ...fetchedBy(nodesFetch, { rows: ({ ids }, planning) => readable(ids as string[], planning).length, reads: true }),
  }),
}));
