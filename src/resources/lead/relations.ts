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
  owner: t.field(toOne(leadResource, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(leadResource, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(leadResource, 'updater', User, loadUser, 'The user who last updated the record.')),
  stage: t.field(toOne(leadResource, 'lead_stage', LeadStage, loadLeadStage, 'Stage.')),
  reason: t.field(toOne(leadResource, 'lead_reason', LeadReason, loadLeadReason, 'Reason for disqualification.')),
  leadSource: t.field(toOne(leadResource, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(leadResource, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(leadResource, 'territory', Territory, loadTerritory, 'Territory.')),
  tasks: t.field(toMany(leadResource, 'tasks', tasks, 'Tasks.', { joined: joinedByTarget(taskResource) })),
  appointments: t.field(
    toMany(leadResource, 'appointments', appointments, 'Appointments.', {
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(toMany(leadResource, 'notes', notes, 'Notes.', { fallback: notesBelow(leadResource) })),
}));
