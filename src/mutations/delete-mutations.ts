import type { InputFieldMap } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Identified } from '../freshsales/resource.ts';
import type { Query } from '../freshsales/transport.ts';
import type { Action } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import { once } from './idempotency.ts';
import { deletePayload, type Written } from './payload.ts';
import { type Condition, conditionArgs, readFirst } from './read-first.ts';
import { send } from './write.ts';
import {
  changeOf,
  type DraftContext,
  draftOf,
  idArgs,
  oneRecord,
  type WriteCall,
  type WriteFacts,
  withAssociated,
  writeCost,
  writtenBy,
} from './write-facts.ts';

interface Verb {
  readonly prefix: 'Delete' | 'Forget';
  readonly action: Action;
  readonly field: string;
  readonly description: string;
  readonly below: string;
}

/** Options of a mutation field that deletes a record. */
function removeMutation<R extends Identified, A extends Condition & { id: string }>(
  facts: WriteFacts<R>,
  { prefix, action, field, description, below }: Verb,
  query: (args: A) => Query = () => ({}),
) {
  const { recordType } = facts;
  const { name, path } = recordType;
  const call: WriteCall = { method: 'DELETE', path: (id) => `${path}/${id}${below}` };
  const drafting = (args: A, context: DraftContext, info: Pick<GraphQLResolveInfo, 'schema'>) =>
    draftOf(facts, context, info, args.id);
  const run = async (_root: object, args: A, context: Context, info: GraphQLResolveInfo): Promise<Written> => {
    const { draft, id } = drafting(args, context, info);
    const change = changeOf(facts, action, { ids: [id], draft });
    const order = { method: call.method, path: call.path(id), query: query(args), change };
    const isReadFirst = Boolean(args.ifUpdatedAt);
    const attempt = async () => {
      await readFirst.run(context, recordType, { draft, id, condition: args });
      return send(context, info, { draft, order, calls: isReadFirst ? 2 : 1 });
    };
    const { userErrors, reply } = await once(context, info, args, () =>
      isReadFirst ? context.exclusive.run(`${name} ${id}`, attempt) : attempt(),
    );
    return { id: reply ? id : null, userErrors };
  };
  return {
    type: deletePayload(`${prefix}${name}`, field, name),
    semanticNonNull: true,
    description: `${description} Costs one call.`,
    ...writtenBy(
      { cost: writeCost({ call, drafting, first: (args) => readFirst.cost(recordType, args) }), run },
      { type: name, action, records: withAssociated(oneRecord) },
    ),
  };
}

/** Deletes a record. */
export const deleteMutation = <R extends Identified>(facts: WriteFacts<R>, description: string) => ({
  ...removeMutation(facts, deleting(facts, description)),
  args: { ...idArgs(facts.recordType.name), ...conditionArgs(facts.recordType) },
});

const deleting = <R extends Identified>({ recordType: { name } }: WriteFacts<R>, description: string): Verb => ({
  prefix: 'Delete',
  action: 'delete',
  field: `deleted${name}Id`,
  description,
  below: '',
});

/** Deletes a record, with options in the query string. */
export const deleteWithMutation = <R extends Identified, A extends Condition & { id: string }, F extends InputFieldMap>(
  facts: WriteFacts<R>,
  description: string,
  { args, query }: { args: F; query: (args: A) => Query },
) => ({
  ...removeMutation<R, A>(facts, deleting(facts, description), query),
  args: { ...idArgs(facts.recordType.name), ...conditionArgs(facts.recordType), ...args },
});

/** Deletes a record permanently. */
export const forgetMutation = <R extends Identified>(facts: WriteFacts<R>, description: string) => ({
  ...removeMutation(facts, {
    prefix: 'Forget',
    action: 'forget',
    field: `forgotten${facts.recordType.name}Id`,
    description: `${description} Cannot be undone.`,
    below: '/forget',
  }),
  args: { ...idArgs(facts.recordType.name), ...conditionArgs(facts.recordType) },
});
