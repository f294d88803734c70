import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../../context.ts';
import type { Sideloads } from '../../freshsales/answer.ts';
import { isObject, toRow } from '../../freshsales/rows.ts';
import { sideloadsIn } from '../../freshsales/writes.ts';
import { builder } from '../../graph/builder.ts';
import { once } from '../../graph/idempotency.ts';
import { needsOf, selectionOf } from '../../graph/lookahead.ts';
import { recordInput } from '../../graph/record-input.ts';
import { storeOf } from '../../graph/store.ts';
import { type Problem, userErrorsField } from '../../graph/user-error.ts';
import { text, type Writable } from '../../graph/writable.ts';
import { type Outcome, send } from '../../graph/write.ts';
import { changeOf, draftOf, idArgs, writePrice } from '../../graph/write-facts.ts';
import { contactResource } from '../contact/resource.ts';
import { Contact, loadContact } from '../contact/type.ts';
import { dealResource } from '../deal/resource.ts';
import { Deal, loadDeal } from '../deal/type.ts';
import { leadFacts } from './mutations.ts';

/** A value inside one of the objects that a conversion takes (FACTS 10). */
const inside = (column: 'company' | 'deal', key: string, type: 'String' | 'Decimal', description: string) =>
  ({
    type,
    column,
    description,
    write: (value, { draft }) => {
      const known = draft.columns[column];
      draft.columns[column] = { ...(isObject(known) ? known : {}), [key]: value };
    },
  }) satisfies Writable<string | number>;

const ConvertLeadInput = recordInput(
  'ConvertLeadInput',
  {
    lastName: text('last_name', 'Last name of the contact.'),
    email: text('email', 'E-mail address of the contact.'),
    companyName: inside('company', 'name', 'String', 'The account that is made with it.'),
    dealName: inside('deal', 'name', 'String', 'The deal that is made with it.'),
    dealAmount: inside('deal', 'amount', 'Decimal', 'What that deal is worth.'),
  },
  { description: 'What a lead is to become, where that is not what the lead says itself.' },
);

interface Converted {
  readonly contactId: string | null;
  readonly dealId: string | null;
  readonly problems: readonly Problem[];
}

const ConvertLeadPayload = builder.objectRef<Converted>('ConvertLeadPayload').implement({
  description: 'What came of convertLead.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The contact that the lead has become; null where it was refused.',
      extensions: { freshsales: { reads: true } },
      resolve: ({ contactId }, _args, context, info) =>
        contactId === null
          ? null
          : loadContact(context).load(contactId, needsOf(selectionOf(context, info), Contact.name, info)),
    }),
    deal: t.field({
      type: Deal,
      description: 'The deal that was made with it, if one was.',
      extensions: { freshsales: { reads: true } },
      resolve: ({ dealId }, _args, context, info) =>
        dealId === null ? null : loadDeal(context).load(dealId, needsOf(selectionOf(context, info), Deal.name, info)),
    }),
    userErrors: t.field({ ...userErrorsField, resolve: ({ problems }) => [...problems] }),
  }),
});

/** Keeps what the answer tells of the contact and the deal: maybe not all of it, so that the rest is read. */
function settle(context: Context, { problems, reply }: Outcome): Converted {
  const body = isObject(reply?.body) ? reply.body : {};
  const store = storeOf(context);
  store.keep(sideloadsIn(body) satisfies Sideloads);
  const contact = isObject(body.contact) ? store.put(contactResource, toRow(body.contact), false).row.id : null;
  const ids = isObject(body.contact) && Array.isArray(body.contact.deal_ids) ? body.contact.deal_ids : [];
  const [listed] = Array.isArray(body.deals) ? body.deals.filter(isObject) : [];
  const deal = isObject(body.deal) ? body.deal : listed;
  const dealId = deal
    ? store.put(dealResource, toRow(deal), false).row.id
    : ids[0] === undefined
      ? null
      : String(ids[0]);
  return { contactId: contact, dealId, problems };
}

builder.mutationField('convertLead', (t) =>
  t.field({
    type: ConvertLeadPayload,
    nullable: false,
    description:
      'Makes a contact, an account and, where one is named, a deal of a lead. Freshsales Classic only. One call.',
    extensions: writePrice({ type: 'Lead', action: 'update', call: 'POST /leads/{id}/convert' }),
    args: {
      ...idArgs('Lead'),
      input: t.arg({ type: ConvertLeadInput.ref, description: 'What it is to become.' }),
    },
    resolve: async (_root, args, context, info: GraphQLResolveInfo) => {
      const { draft, id } = draftOf(leadFacts, context, args.id);
      if (args.input) ConvertLeadInput.write(args.input, ['input'], draft);
      const known = changeOf(leadFacts, 'update', { ids: [id], draft });
      // What it becomes is new, and shows in lists of its own.
      const made = ['Contact', 'SalesAccount', 'Deal'].map((type) => ({ type, id: '*' }));
      const outcome = await once(context, info, args, () =>
        send(context, info, {
          draft,
          order: {
            method: 'POST',
            path: `leads/${id}/convert`,
            body: { lead: draft.columns },
            change: { ...known, touched: [...known.touched, ...made] },
          },
        }),
      );
      return settle(context, outcome);
    },
  }),
);
