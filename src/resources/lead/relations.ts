import { builder } from '../../graph/builder.ts';
import { toMany, toOne } from '../../graph/relation.ts';
import { joinedByTarget } from '../../queries/record.ts';
import { appointmentResource } from '../appointment/resource.ts';
import { appointments } from '../appointment/type.ts';
import { Campaign, loadCampaign } from '../campaign/type.ts';
import { LeadReason, loadLeadReason } from '../lead-reason/type.ts';
import { LeadSource, loadLeadSource } from '../lead-source/type.ts';
import { LeadStage, loadLeadStage } from '../lead-stage/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { taskResource } from '../task/resource.ts';
import { tasks } from '../task/type.ts';
import { loadTerritory, Territory } from '../territory/type.ts';
import { loadUser, User } from '../user/type.ts';
import { leadResource } from './resource.ts';
import { Lead } from './type.ts';

builder.objectFields(Lead, (t) => ({
  owner: t.field(toOne(leadResource, 'owner', User, loadUser, 'The user who looks after them.')),
  creator: t.field(toOne(leadResource, 'creater', User, loadUser, 'The user who entered them.')),
  updater: t.field(toOne(leadResource, 'updater', User, loadUser, 'The user who last changed them.')),
  stage: t.field(toOne(leadResource, 'lead_stage', LeadStage, loadLeadStage, 'How far they have come.')),
  reason: t.field(toOne(leadResource, 'lead_reason', LeadReason, loadLeadReason, 'Why they were disqualified.')),
  leadSource: t.field(toOne(leadResource, 'source', LeadSource, loadLeadSource, 'Where they came from.')),
  campaign: t.field(toOne(leadResource, 'campaign', Campaign, loadCampaign, 'The campaign they came by.')),
  territory: t.field(toOne(leadResource, 'territory', Territory, loadTerritory, 'The territory they are in.')),
  tasks: t.field(
    toMany(leadResource, 'tasks', tasks, 'What is to be done about them.', { joined: joinedByTarget(taskResource) }),
  ),
  appointments: t.field(
    toMany(leadResource, 'appointments', appointments, 'Meetings about them.', {
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(toMany(leadResource, 'notes', notes, 'Notes on them.', { fallback: notesBelow(leadResource) })),
}));
