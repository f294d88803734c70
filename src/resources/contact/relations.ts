import { builder } from '../../graph/builder.ts';
import type { Joined } from '../../graph/joined.ts';
import { toMany, toOne } from '../../graph/relation.ts';
import { joinedByTarget } from '../../queries/record.ts';
import { appointmentResource } from '../appointment/resource.ts';
import { appointments } from '../appointment/type.ts';
import { Campaign, loadCampaign } from '../campaign/type.ts';
import { ContactStatus, loadContactStatus } from '../contact-status/type.ts';
import { dealResource } from '../deal/resource.ts';
import { deals } from '../deal/type.ts';
import { LeadSource, loadLeadSource } from '../lead-source/type.ts';
import { LifecycleStage, loadLifecycleStage } from '../lifecycle-stage/type.ts';
import { notes, notesBelow } from '../note/type.ts';
import { taskResource } from '../task/resource.ts';
import { tasks } from '../task/type.ts';
import { loadTerritory, Territory } from '../territory/type.ts';
import { loadUser, User } from '../user/type.ts';
import { contactResource } from './resource.ts';
import { Contact } from './type.ts';

/** A deal says whose it is, with the include. */
const dealsByContact: Joined = {
  child: dealResource,
  by: 'contacts',
  parentsOf: ({ contact_ids }) => (Array.isArray(contact_ids) ? contact_ids.map(String) : undefined),
};

builder.objectFields(Contact, (t) => ({
  owner: t.field(toOne(contactResource, 'owner', User, loadUser, 'The user who owns the record.')),
  creator: t.field(toOne(contactResource, 'creater', User, loadUser, 'The user who created the record.')),
  updater: t.field(toOne(contactResource, 'updater', User, loadUser, 'The user who last updated the record.')),
  lifecycleStage: t.field(
    toOne(contactResource, 'lifecycle_stage', LifecycleStage, loadLifecycleStage, 'Lifecycle stage.'),
  ),
  status: t.field(
    toOne(contactResource, 'contact_status', ContactStatus, loadContactStatus, 'Status within the lifecycle stage.'),
  ),
  leadSource: t.field(toOne(contactResource, 'source', LeadSource, loadLeadSource, 'Source.')),
  campaign: t.field(toOne(contactResource, 'campaign', Campaign, loadCampaign, 'Campaign.')),
  territory: t.field(toOne(contactResource, 'territory', Territory, loadTerritory, 'Territory.')),
  deals: t.field(
    toMany(contactResource, 'deals', deals, 'The deals associated with the contact.', { joined: dealsByContact }),
  ),
  tasks: t.field(toMany(contactResource, 'tasks', tasks, 'Tasks.', { joined: joinedByTarget(taskResource) })),
  appointments: t.field(
    toMany(contactResource, 'appointments', appointments, 'Appointments.', {
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(toMany(contactResource, 'notes', notes, 'Notes.', { fallback: notesBelow(contactResource) })),
}));
