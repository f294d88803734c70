import type { GraphQLResolveInfo } from 'graphql';
import type { Action } from '../freshsales/change.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { Identified } from '../freshsales/resource.ts';
import type { Order } from '../freshsales/writes.ts';
import type { Context } from '../records/context.ts';
import type { Charge } from '../records/field-needs.ts';
import { includesToAsk } from '../records/needs.ts';
import type { Draft } from './draft.ts';
import { once } from './idempotency.ts';
import { lowerFirst, payloadNeeds, recordPayload, type Written } from './payload.ts';
import { learnFrom, type Outcome, type Reshape, send, settle } from './write.ts';
import { changeOf, draftOf, type WriteFacts, writePrice } from './write-facts.ts';
import { oneRecord } from './written-records.ts';

/** What a single mutation adds to what its record type says. */
export interface WriteOptions<R, A> {
  /** Looks at what is about to be sent, with whatever it has to read for that; it may refuse or complete it. */
  readonly check?: (context: Context, draft: Draft, args: A & { id: string }) => Promise<void> | void;
  /** What the check may cost. */
  readonly checkPrice?: (input: Readonly<Record<string, unknown>>) => readonly Charge[];
  readonly reshape?: Reshape<R>;
}

/** One kind of mutation that gives a record. */
interface Verb<R, A> extends WriteOptions<R, A> {
  /** As in `CreateContactPayload`: the verb before the record type. */
  readonly prefix: string;
  readonly action: Action;
  readonly description: string;
  /** The call as a template. */
  readonly call: string;
  /** Puts the arguments into the draft. */
  readonly fill: (args: A, draft: Draft) => void;
  /** What is sent then. */
  readonly order: (draft: Draft, id: string) => Omit<Order, 'change' | 'learn'>;
}

/** The options of a mutation field that writes one record and gives it back; the caller adds the arguments. */
export function recordMutation<R extends Identified, A extends { id?: string }>(
  facts: WriteFacts<R>,
  verb: Verb<R, A>,
) {
  const { recordType, type, loader } = facts;
  const name = `${verb.prefix}${recordType.name}`;
  return {
    type: recordPayload(name, lowerFirst(recordType.name), type, loader),
    nullable: false as const,
    description: `${verb.description} Costs one call.`,
    extensions: writePrice({
      type: recordType.name,
      action: verb.action,
      records: oneRecord,
      call: verb.call,
      reads: recordType.path,
      more: verb.checkPrice,
    }),
    resolve: async (_root: object, args: A, context: Context, info: GraphQLResolveInfo): Promise<Written> => {
      const { draft, id } = draftOf(facts, context, args.id);
      verb.fill(args, draft);
      const needs = payloadNeeds(context, info, { payload: `${name}Payload`, type: recordType.name });
      const include = includesToAsk(needs);
      const outcome = await once(context, info, args, async () => {
        if (draft.problems.length === 0) await beforehand(() => verb.check?.(context, draft, { ...args, id }));
        const order = verb.order(draft, id);
        const change = changeOf(facts, verb.action, { ids: id === '' || verb.prefix === 'Clone' ? [] : [id], draft });
        const asked = [...new Set([...draft.include, ...include])];
        return send(context, info, {
          draft,
          order: { ...order, include: asked, change, learn: learnFrom(recordType) },
        });
      });
      const written = settle(context, recordType, outcome, {
        reshape: verb.reshape,
        // The product that is restored is answered with success alone (samples).
        known: verb.action === 'restore' ? id : undefined,
      });
      return { id: written, problems: outcome.problems, created: createdBy(outcome) };
    },
  };
}

/** A read that fails before the write has changed nothing. */
async function beforehand(check: () => Promise<void> | void): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (error instanceof FreshsalesError) error.outcome ??= 'NOT_DONE';
    throw error;
  }
}

/** 201 says that there was no such record (FACTS 7). */
const createdBy = ({ reply }: Outcome): boolean | null => (reply ? reply.status === 201 : null);
