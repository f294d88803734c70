import { loadTerritory, Territory } from '../../lookups/accounts.ts';
import {
  Campaign,
  LeadReason,
  LeadSource,
  LeadStage,
  loadCampaign,
  loadLeadReason,
  loadLeadSource,
  loadLeadStage,
} from '../../lookups/contacts.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointments } from '../appointment/type.ts';
import { notes } from '../note/type.ts';
import { tasks } from '../task/type.ts';
import { leadType } from './record.ts';
import { Lead } from './type.ts';

builder.objectFields(Lead, (t) => ({
  owner: t.field(toOne(leadType, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(leadType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(leadType, 'updater', User, loadUser, 'The user who last updated the record.')),
  stage: t.field(toOne(leadType, 'lead_stage', LeadStage, loadLeadStage, 'Stage.')),
  reason: t.field(toOne(leadType, 'lead_reason', LeadReason, loadLeadReason, 'Reason for disqualification.')),
  leadSource: t.field(toOne(leadType, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(leadType, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(leadType, 'territory', Territory, loadTerritory, 'Territory.')),
  tasks: t.field(toMany(leadType, 'tasks', tasks, 'Tasks.')),
  appointments: t.field(toMany(leadType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(leadType, 'notes', notes, 'Notes.')),
}));
