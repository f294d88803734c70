import type { GraphQLResolveInfo } from 'graphql';
import type { WriteRequest } from '../../freshsales/writes.ts';
import { bulkUpserts } from '../../mutations/bulk.ts';
import { assignsOwner, bulkDeletes, bulkUpdates } from '../../mutations/bulk-mutations.ts';
import { deleteMutation, forgetMutation } from '../../mutations/delete-mutations.ts';
import { once } from '../../mutations/idempotency.ts';
import { payloadNeeds, userErrorsField } from '../../mutations/payload.ts';
import { cloneMutation, createMutation, updateMutation, upsertMutation } from '../../mutations/record-mutations.ts';
import { keepWritten, send } from '../../mutations/write.ts';
import {
  changeOf,
  type DraftContext,
  draftOf,
  idArgs,
  type WriteCall,
  type WriteFacts,
  writeCost,
  writtenBy,
} from '../../mutations/write-facts.ts';
import type { Context } from '../../records/context.ts';
import { fieldsOf, selectionOf } from '../../records/field-needs.ts';
import { loaderFor } from '../../records/loader.ts';
import { includesToAsk, NOTHING } from '../../records/record-type.ts';
import type { UserError } from '../../records/write-report.ts';
import { builder } from '../../schema/builder.ts';
import { loadNode } from '../../schema/node.ts';
import { relatedIds } from '../../schema/relation.ts';
import { contactType } from '../contact/record.ts';
import { Contact } from '../contact/type.ts';
import { Deal } from '../deal/type.ts';
import { ConvertLeadInput, CreateLeadInput, LeadIdentifier, leadIdentifiers, UpdateLeadInput } from './inputs.ts';
import { type LeadRecord, leadType } from './record.ts';
import { Lead } from './type.ts';

const leadFacts: WriteFacts<LeadRecord> = {
  recordType: leadType,
  type: Lead,
};

builder.mutationFields((t) => ({
  createLead: t.field(createMutation(leadFacts, CreateLeadInput, 'Creates a lead. Classic only.')),
  updateLead: t.field(updateMutation(leadFacts, UpdateLeadInput, 'Updates a lead. Classic only.')),
  upsertLead: t.field(
    upsertMutation(leadFacts, {
      by: LeadIdentifier,
      input: UpdateLeadInput,
      description: 'Updates the lead with this e-mail address or id, or creates one. Classic only.',
    }),
  ),
  cloneLead: t.field(cloneMutation(leadFacts, UpdateLeadInput, 'Copies a lead. Classic only.')),
  deleteLead: t.field(
    deleteMutation(leadFacts, 'Deletes a lead. It can be restored from the recycle bin. Classic only.'),
  ),
  forgetLead: t.field(forgetMutation(leadFacts, 'Permanently deletes a lead. Classic only.')),
}));

builder.mutationFields((t) => ({
  bulkUpsertLeads: t.field(
    bulkUpserts(leadFacts, {
      by: leadIdentifiers,
      input: UpdateLeadInput,
      description: 'Creates or updates many leads. Classic only.',
    }),
  ),
  bulkUpdateLeads: t.field(
    bulkUpdates(leadFacts, UpdateLeadInput, 'Applies the same change to many leads. Classic only.'),
  ),
  bulkDeleteLeads: t.field(
    bulkDeletes(leadFacts, 'Deletes many leads. They can be restored from the recycle bin. Classic only.'),
  ),
  bulkAssignOwnerToLeads: t.field(assignsOwner(leadFacts, 'Assigns many leads to an owner. Classic only.')),
}));

interface Converted {
  readonly contactId: string | null;
  readonly userErrors: readonly UserError[];
}

const ConvertLeadPayload = builder.objectRef<Converted>('ConvertLeadPayload').implement({
  description: 'Result of convertLead.',
  fields: (t) => ({
    contact: t.field({
      type: Contact,
      description: 'The contact created from the lead. Null if the conversion was refused.',
      extensions: { freshsales: { reads: true } },
      resolve: ({ contactId }, _args, context, info) =>
        contactId === null ? null : loadNode(context, info, Contact, contactId),
    }),
    deal: t.field({
      type: Deal,
      description: 'The deal created from the lead, if any.',
      extensions: { freshsales: { reads: true } },
      resolve: async (converted, _args, context, info) => {
        const id = await dealOf(context, converted);
        return id === undefined ? null : loadNode(context, info, Deal, id);
      },
    }),
    userErrors: t.field(userErrorsField),
  }),
});

/** The deal created by the conversion: the only one the new contact can have. Included in the response, or read. */
async function dealOf(context: Context, { contactId }: Converted): Promise<string | undefined> {
  const contact = contactId === null ? null : await loaderFor(context, contactType).load(contactId, NOTHING);
  const [id] = contact ? await relatedIds(context, contactType, contact, 'deals') : [];
  return id;
}

/** Includes needed for the selected fields of the contact and the deal. */
function includesFor(context: Context, info: GraphQLResolveInfo): string[] {
  const payload = ConvertLeadPayload.name;
  const wantsDeal = fieldsOf(selectionOf(context, info), payload, info).some(({ name }) => name === 'deal');
  const names = includesToAsk(payloadNeeds(context, info, { payload, type: Contact.name }));
  return wantsDeal ? [...new Set([...names, 'deals'])] : names;
}

/** The lead, and the contact, account and deal created from it. */
const MADE_OF_A_LEAD = 4;

const CONVERT: WriteCall = { method: 'POST', path: (id) => `${leadType.path}/${id}/convert` };

interface ConvertArgs {
  readonly id: string;
  readonly input?: Parameters<typeof ConvertLeadInput.write>[0] | null | undefined;
}

function convertDraft(args: ConvertArgs, context: DraftContext, info: Pick<GraphQLResolveInfo, 'schema'>) {
  const { draft, id } = draftOf(leadFacts, context, info, args.id);
  if (args.input) ConvertLeadInput.write(args.input, ['input'], draft);
  return { draft, id };
}

async function convert(_root: object, args: ConvertArgs, context: Context, info: GraphQLResolveInfo) {
  const { draft, id } = convertDraft(args, context, info);
  const known = changeOf(leadFacts, 'update', { ids: [id], draft });
  // The new records appear in lists of their own types.
  const made = ['Contact', 'SalesAccount', 'Deal'].map((type) => ({ type, id: '*' }));
  const order: WriteRequest = {
    method: CONVERT.method,
    path: CONVERT.path(id),
    body: { lead: draft.columns },
    include: includesFor(context, info),
    change: { ...known, touched: [...known.touched, ...made] },
  };
  const outcome = await once(context, info, args, () => send(context, info, { draft, order }));
  return { contactId: keepWritten(context, contactType, outcome), userErrors: outcome.userErrors };
}

builder.mutationField('convertLead', (t) =>
  t.field({
    type: ConvertLeadPayload,
    semanticNonNull: true,
    description:
      'Converts a lead to a contact, a sales account and, if a name is given, a deal. Classic only. Costs one call.',
    args: {
      ...idArgs('Lead'),
      input: t.arg({ type: ConvertLeadInput.ref, description: 'Values for the new records.' }),
    },
    ...writtenBy(
      { cost: writeCost({ call: CONVERT, drafting: convertDraft }), run: convert },
      { type: 'Lead', action: 'update', records: () => MADE_OF_A_LEAD },
    ),
  }),
);
