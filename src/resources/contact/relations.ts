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
  owner: t.field(toOne(contactResource, 'owner', User, loadUser, 'The user who looks after them.')),
  creator: t.field(toOne(contactResource, 'creater', User, loadUser, 'The user who entered them.')),
  updater: t.field(toOne(contactResource, 'updater', User, loadUser, 'The user who last changed them.')),
  lifecycleStage: t.field(
    toOne(contactResource, 'lifecycle_stage', LifecycleStage, loadLifecycleStage, 'How far they have come.'),
  ),
  status: t.field(
    toOne(contactResource, 'contact_status', ContactStatus, loadContactStatus, 'Where they stand within that stage.'),
  ),
  leadSource: t.field(toOne(contactResource, 'source', LeadSource, loadLeadSource, 'Where they came from.')),
  campaign: t.field(toOne(contactResource, 'campaign', Campaign, loadCampaign, 'The campaign they came by.')),
  territory: t.field(toOne(contactResource, 'territory', Territory, loadTerritory, 'The territory they are in.')),
  deals: t.field(toMany(contactResource, 'deals', deals, 'The deals they have a part in.', { joined: dealsByContact })),
  tasks: t.field(
    toMany(contactResource, 'tasks', tasks, 'What is to be done about them.', { joined: joinedByTarget(taskResource) }),
  ),
  appointments: t.field(
    toMany(contactResource, 'appointments', appointments, 'Meetings about them.', {
      joined: joinedByTarget(appointmentResource),
    }),
  ),
  notes: t.field(toMany(contactResource, 'notes', notes, 'Notes on them.', { fallback: notesBelow(contactResource) })),
}));
