import { about, type Case, CONTACT, DEAL, DOCUMENT, PRODUCT, THREEFOLD } from './recorded-case.ts';

/** What is written, in this order: each sees what the one before has left. */
export const WRITES: Readonly<Record<string, Case>> = {
  'contacts.put': {
    method: 'PUT',
    path: `/contacts/${THREEFOLD}?include=sales_accounts`,
    body: { contact: { job_title: 'Head of sales' } },
    except: [
      {
        path: /sales_accounts\[\].*too much/,
        reason: 'The author cut the embedded account; the upsert recording has it whole.',
      },
    ],
  },
  'contacts.upsert.include_sales_accounts': {
    path: '/contacts/upsert?include=sales_accounts',
    body: { unique_identifier: { emails: 'threefold@sandbox.example' }, contact: { city: 'Pune' } },
    except: [
      {
        path: /^\.contact\.(\w*unsubscription_reason|system_tags|(first|last|latest)_(campaign|medium|source)|mcr_id): too much/,
        reason: 'Recorded in 2022, before these columns.',
      },
      {
        path: /sales_accounts\[\]\.(open|won)_deals_(amount|count): too much/,
        reason: 'Recorded in 2022; the embedded accounts of later views have amounts and counts.',
      },
    ],
  },
  'sales_accounts.upsert': {
    path: '/sales_accounts/upsert',
    body: { unique_identifier: { name: 'Orbit Supplies' }, sales_account: { number_of_employees: 12 } },
    status: 201,
    except: [{ path: /^\.sales_account\.web_form_ids: too much/, reason: 'In the later recording of 2023.' }],
  },
  'deals.put.include_products': {
    method: 'PUT',
    path: `/deals/${DEAL}?include=products`,
    body: { deal: { products: [{ id: Number(PRODUCT), quantity: 1 }] } },
    except: [{ path: /^\.meta/, reason: 'The author kept the record only; FACTS 5 has meta null.' }],
  },
  'notes.post': { path: '/notes', body: { note: { ...about, description: 'Sample note' } } },
  'tasks.post': {
    path: '/tasks',
    body: { task: { ...about, title: 'Sample Task', due_date: 'Mon Jun 20 2099 10:30:00 GMT+0530 (IST)' } },
    status: 201,
  },
  'appointments.post': {
    path: '/appointments',
    body: {
      appointment: {
        ...{ ...about, title: 'Sample Appointment', time_zone: 'Chennai' },
        ...{ from_date: '2016-06-20T07:00:00+02:00', end_date: '2016-06-20T08:00:00+02:00' },
      },
    },
    status: 201,
  },
  'cpq.products.put': { method: 'PUT', path: `/cpq/products/${PRODUCT}`, body: { product: { category: 'Software' } } },
  'cpq.products.put.include_product_pricings': {
    method: 'PUT',
    path: `/cpq/products/${PRODUCT}?include=product_pricings`,
    body: { product: { product_pricings: [{ currency_code: 'USD', unit_price: 1000 }] } },
  },
  'cpq.documents.post': {
    path: '/cpq/cpq_documents',
    body: { cpq_document: { display_name: 'Sample Document', document_type: 'Quote', deal_id: Number(DEAL) } },
  },
  'cpq.documents.put': {
    method: 'PUT',
    path: `/cpq/cpq_documents/${DOCUMENT}`,
    body: { cpq_document: { display_name: 'Sample Document 2' } },
  },
  'cpq.documents.put.include_products': {
    method: 'PUT',
    path: `/cpq/cpq_documents/${DOCUMENT}?include=products`,
    body: { cpq_document: { products: [{ id: Number(PRODUCT), quantity: 2, discount: 10 }] } },
  },
  'cpq.documents.related_products': { path: `/cpq/cpq_documents/${DOCUMENT}/related_products` },
  'cpq.documents.put.products_cleared': {
    method: 'PUT',
    path: `/cpq/cpq_documents/${DOCUMENT}?include=products`,
    body: { cpq_document: { products: [] } },
  },
  'cpq_documents.delete': { method: 'DELETE', path: `/cpq/cpq_documents/${DOCUMENT}` },
  'lists.post': { path: '/lists', body: { name: 'Regulars' } },
  'lists.put': { method: 'PUT', path: '/lists/31000045356', body: { name: 'Fans' } },
  'lists.add_contacts': {
    method: 'PUT',
    path: '/lists/31000045356/add_contacts',
    body: { ids: [Number(CONTACT), Number(THREEFOLD)] },
  },
  'lists.remove_contacts.all': { method: 'PUT', path: '/lists/31000045356/remove_contacts', body: { all: true } },
  'contacts.bulk_upsert': {
    path: '/contacts/bulk_upsert',
    body: {
      contacts: [
        { emails: 'bulk@sandbox.example', data: {} },
        { emails: 'bad', data: {} },
      ],
    },
  },
  'contacts.bulk_assign_owner': {
    path: '/contacts/bulk_assign_owner',
    body: { selected_ids: [Number(CONTACT)], owner_id: 31000148397 },
  },
  'document_links.post': {
    path: '/document_links',
    body: { document_link: { ...about, name: 'Spec', url: 'https://docs.sandbox.example/spec' } },
  },
  'phone_calls.post': {
    path: '/phone_calls',
    body: {
      phone_call: {
        ...{ call_direction: true, targetable_type: 'contact', targetable: { id: THREEFOLD } },
        note: { description: 'Called about renewal' },
      },
    },
    status: 201,
  },
  'error.400.single': { path: '/sales_accounts', body: { sales_account: { name: 'Orbit Supplies' } }, status: 400 },
  'error.400.sales_accounts_invalid': {
    path: '/contacts/upsert',
    body: { unique_identifier: { emails: 'x@sandbox.example' }, contact: { sales_accounts: 'Acme' } },
    status: 400,
  },
  'error.400.contact_not_unique': {
    path: '/contacts',
    body: { contact: { email: 'threefold@sandbox.example' } },
    status: 400,
  },
  'notes.delete': { method: 'DELETE', path: '/notes/31004348671' },
  'contacts.bulk_destroy': { path: '/contacts/bulk_destroy', body: { selected_ids: [31016358320, 31016358321] } },
  'contacts.delete': { method: 'DELETE', path: '/contacts/31016358322' },
};
