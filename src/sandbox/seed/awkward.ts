import type { Identified } from '../../freshsales/resource.ts';
import { contactType } from '../../resources/contact/record.ts';
import { dealType } from '../../resources/deal/record.ts';
import { noteType } from '../../resources/note/record.ts';
import type { SeedContext } from './random.ts';

interface Made {
  readonly created_at: string;
  readonly updated_at: string;
}

/** Edge cases that real accounts have. */
export function seedAwkward(context: SeedContext, accounts: readonly Identified[]): void {
  const { put, day } = context;
  const [first] = accounts;
  const made = { created_at: day(-90), updated_at: day(-1) };
  // No address, no number, no account.
  put(contactType, { ...made, id: '31016359001', first_name: 'Nobody', last_name: 'Reachable' });
  put(contactType, {
    ...made,
    id: '31016359002',
    first_name: 'Threefold',
    last_name: 'Employed',
    email: 'threefold@sandbox.example',
    sales_accounts: accounts.slice(0, 3).map(({ id }, index) => ({ id, name: '', is_primary: index === 1 })),
  });
  put(contactType, {
    ...made,
    id: '31016359003',
    first_name: null,
    last_name: null,
    email: 'only@sandbox.example',
    owner_id: null,
  });
  put(contactType, {
    ...made,
    id: '31016359004',
    first_name: '<b>Bold</b>',
    last_name: 'O’Néill 🦊',
    email: 'fox@sandbox.example',
  });
  put(contactType, {
    ...made,
    id: '31016359005',
    first_name: 'Long'.repeat(24),
    last_name: 'Ñandú-中村-Łódź',
    emails: [
      { value: 'second@sandbox.example', is_primary: false, label: 'Personal' },
      { value: 'first@sandbox.example', is_primary: true, label: 'Work' },
    ],
    // One choice is none of the list any more.
    custom_field: { cf_interests: 'Analytics;Telephony', cf_is_active: null, cf_tier: 'Platinum' },
  });
  put(contactType, { ...made, id: '31016359006', first_name: 'Thrown', last_name: 'Away', is_deleted: true });
  seedAwkwardDeals(context, made, first);
  // Markup, joined emoji, and a line separator that is valid in JSON but was not in JavaScript.
  put(noteType, {
    ...made,
    id: '31004349001',
    description: '<script>alert("no")</script> 👩‍👩‍👧 <a href="https://sandbox.example">link</a>\u2028next line',
    targetables: [{ type: 'Contact', id: '31016359002' }],
  });
}

/** Deals with unusually many or few contacts and columns. */
function seedAwkwardDeals({ put, account }: SeedContext, made: Made, first: Identified | undefined): void {
  // More links than the usual two or three.
  const everybody = account.store.of('Contact').query().slice(0, 12);
  put(dealType, {
    ...made,
    id: '31001949001',
    name: 'A dozen people 🤝',
    amount: '1200.5',
    contact_ids: everybody.map(({ id }) => id),
    sales_account_id: first?.id ?? null,
  });
  put(dealType, {
    ...made,
    id: '31001949002',
    name: 'Nothing at all',
    amount: '0.0',
    owner_id: null,
    contact_ids: [],
  });
  put(dealType, {
    ...made,
    id: '31001949003',
    name: 'More than a double holds to the cent, nearly',
    amount: '9007199254740.25',
    contact_ids: [],
  });
  put(dealType, {
    ...made,
    id: '31001949004',
    name: 'Very long '.repeat(25).trim(),
    amount: '-10.0',
    contact_ids: [],
  });
}
