/** A relation that an include of a single record brings. */
interface Included {
  readonly path: string;
  readonly include: string;
  /** Path of the rows in the response. */
  readonly key: string;
  readonly many?: true;
}

/** A relation to a small list, by an id in the row. */
interface Listed {
  readonly list: string;
  readonly key: string;
  readonly by: string;
}

const owner = (path: string): Included => ({ path, include: 'owner', key: 'users' });
const many = (path: string, include: string): Included => ({ path, include, key: include, many: true });
const user = (by: string): Listed => ({ list: 'selector/owners', key: 'users', by });

/** By type and field of the schema. */
export const relations: Readonly<Record<string, Included | Listed>> = {
  'Contact.owner': owner('contacts'),
  'Contact.status': { path: 'contacts', include: 'contact_status', key: 'contact_status' },
  'Contact.salesAccounts': { path: 'contacts', include: 'sales_accounts', key: 'contact.sales_accounts', many: true },
  'Contact.deals': many('contacts', 'deals'),
  'Contact.tasks': many('contacts', 'tasks'),
  'Contact.notes': many('contacts', 'notes'),
  'SalesAccount.owner': owner('sales_accounts'),
  'SalesAccount.contacts': many('sales_accounts', 'contacts'),
  'SalesAccount.deals': many('sales_accounts', 'deals'),
  'SalesAccount.tasks': many('sales_accounts', 'tasks'),
  'Deal.owner': owner('deals'),
  'Deal.salesAccount': { path: 'deals', include: 'sales_account', key: 'sales_accounts' },
  'Deal.contacts': many('deals', 'contacts'),
  'Deal.stage': { list: 'selector/deal_stages', key: 'deal_stages', by: 'deal_stage_id' },
  'Deal.pipeline': { list: 'selector/deal_pipelines', key: 'deal_pipelines', by: 'deal_pipeline_id' },
  'Activity.actor': user('user_id'),
  'Appointment.creator': user('creater_id'),
};

/** The path of a record type, and the key around one record. */
export const addresses: Readonly<Record<string, readonly [path: string, one: string]>> = {
  Contact: ['contacts', 'contact'],
  SalesAccount: ['sales_accounts', 'sales_account'],
  Deal: ['deals', 'deal'],
};

/** Columns that are not the field's name in snake case. */
export const columns: Readonly<Record<string, string>> = {
  'Task.dueAt': 'due_date',
  'Appointment.startsAt': 'from_date',
  'Deal.expectedCloseOn': 'expected_close',
  'Activity.type': 'action_type',
  'DealPipeline.stages': 'deal_stages',
};
