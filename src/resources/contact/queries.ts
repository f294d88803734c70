import { builder } from '../../graph/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../graph/root.ts';
import { sortInput } from '../../graph/sort.ts';
import { viewType } from '../../graph/views.ts';
import { contactResource } from './resource.ts';
import { Contact, ContactConnection, loadContact } from './type.ts';

const ContactSortField = builder.enumType('ContactSortField', {
  description: 'What contacts can be sorted by.',
  values: {
    LEAD_SCORE: { value: 'lead_score', description: 'How promising they are.' },
    CREATED_AT: { value: 'created_at', description: 'When they were entered.' },
    UPDATED_AT: { value: 'updated_at', description: 'When they were last changed.' },
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'The sum of their open deals.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'When they were last contacted.' },
  } as const,
});

const ContactSort = sortInput('Contact', ContactSortField);

const ContactView = viewType(contactResource);

builder.objectField(ContactView, 'contacts', (t) =>
  t.field(ofView(contactResource, ContactConnection, ContactSort, 'The contacts it shows.')),
);

builder.queryFields((t) => ({
  contact: t.field(byId(Contact, loadContact, 'A contact.')),
  contacts: t.field(overView(contactResource, ContactConnection, ContactSort, 'Contacts of a saved view.')),
  contactViews: t.field(allViews(contactResource, ContactView)),
  filterContacts: t.field(
    filtered(contactResource, ContactConnection, ContactSort, 'Contacts for which all rules hold (filtered search).'),
  ),
}));
