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
import { joinedByTarget } from '../../queries/record.ts';
import type { JoinByTarget } from '../../records/strategies/join-by-target.ts';
import { builder } from '../../schema/builder.ts';
import { toMany, toOne } from '../../schema/relation.ts';
import { appointmentType } from '../appointment/record.ts';
import { appointments } from '../appointment/type.ts';
import { dealType } from '../deal/record.ts';
import { deals } from '../deal/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { taskType } from '../task/record.ts';
import { tasks } from '../task/type.ts';
import { contactType } from './record.ts';
import { Contact } from './type.ts';

/** Deals return their contacts with the include. */
const dealsByContact: JoinByTarget = {
  child: dealType,
  by: 'contacts',
  parentsOf: ({ contact_ids }) => (Array.isArray(contact_ids) ? contact_ids.map(String) : undefined),
};

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
  deals: t.field(
    toMany(contactType, 'deals', deals, 'The deals associated with the contact.', { joined: dealsByContact }),
  ),
  tasks: t.field(toMany(contactType, 'tasks', tasks, 'Tasks.', { joined: joinedByTarget(taskType) })),
  appointments: t.field(
    toMany(contactType, 'appointments', appointments, 'Appointments.', {
      joined: joinedByTarget(appointmentType),
    }),
  ),
  notes: t.field(toMany(contactType, 'notes', notes, 'Notes.', { fallback: notesBelow(contactType) })),
}));
