import { loadTerritory, Territory } from '../../lookups/accounts.ts';
import {
  Campaign,
  ContactStatus,
  LeadSource,
  LifecycleStage,
  loadCampaign,
  loadContactStatus,
  loadLeadSource,
  loadLifecycleStage,
} from '../../lookups/contacts.ts';
import { loadUser, User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointments } from '../appointment/type.ts';
import { deals } from '../deal/type.ts';
import { notes } from '../note/type.ts';
import { tasks } from '../task/type.ts';
import { contactType } from './record.ts';
import { Contact } from './type.ts';

builder.objectFields(Contact, (t) => ({
  owner: t.field(toOne(contactType, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(contactType, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(contactType, 'updater', User, loadUser, 'The user who last updated the record.')),
  lifecycleStage: t.field(
    toOne(contactType, 'lifecycle_stage', LifecycleStage, loadLifecycleStage, 'Lifecycle stage.'),
  ),
  status: t.field(
    toOne(contactType, 'contact_status', ContactStatus, loadContactStatus, 'Status within the lifecycle stage.'),
  ),
  leadSource: t.field(toOne(contactType, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(contactType, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(contactType, 'territory', Territory, loadTerritory, 'Territory.')),
  deals: t.field(toMany(contactType, 'deals', deals, 'The deals associated with the contact.')),
  tasks: t.field(toMany(contactType, 'tasks', tasks, 'Tasks.')),
  appointments: t.field(toMany(contactType, 'appointments', appointments, 'Appointments.')),
  notes: t.field(toMany(contactType, 'notes', notes, 'Notes.')),
}));
