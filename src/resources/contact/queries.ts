import { builder } from '../../schema/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../schema/root.ts';
import { sortInput } from '../../schema/sort.ts';
import { viewType } from '../../schema/views.ts';
import { contactType } from './record.ts';
import { Contact, ContactConnection, loadContact } from './type.ts';

const ContactSortField = builder.enumType('ContactSortField', {
  description: 'Fields that contacts can be sorted by.',
  values: {
    LEAD_SCORE: { value: 'lead_score', description: 'Contact score.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'Total amount of open deals.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'Time of last contact.' },
  } as const,
});

const ContactSort = sortInput('Contact', ContactSortField);

const ContactView = viewType(contactType);

builder.objectField(ContactView, 'contacts', (t) =>
  t.field(ofView(contactType, ContactConnection, ContactSort, 'The contacts in the view.')),
);

builder.queryFields((t) => ({
  contact: t.field(byId(Contact, loadContact, 'The contact with this id.')),
  contacts: t.field(overView(contactType, ContactConnection, ContactSort, 'Contacts in a saved view.')),
  contactViews: t.field(allViews(contactType, ContactView)),
  filterContacts: t.field(
    filtered(contactType, ContactConnection, ContactSort, 'Contacts that match all rules (filtered search).'),
  ),
}));
