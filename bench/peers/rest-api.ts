import type { JSONSchemaOperationConfig } from '@omnigraph/json-schema';

type JsonSchema = Exclude<JSONSchemaOperationConfig['responseSchema'], string | undefined>;

const text: JsonSchema = { type: 'string' };
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const objectOf = (title: string, properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  title,
  properties,
});
const texts = (...names: string[]): Record<string, JsonSchema> => Object.fromEntries(names.map((name) => [name, text]));

const named = (title: string): JsonSchema => objectOf(title, texts('id', 'name'));
const User = objectOf('User', texts('id', 'display_name'));
const Stage = named('Stage');
const Pipeline = objectOf('Pipeline', { ...texts('id', 'name'), deal_stages: listOf(Stage) });
const SalesAccount = objectOf('SalesAccount', texts('id', 'name', 'website', 'phone'));
/** The few columns of an account that come inside a contact. */
const AccountOfContact = objectOf('AccountOfContact', texts('id', 'name', 'website'));
const Contact = objectOf('Contact', {
  ...texts('id', 'display_name', 'email', 'job_title', 'mobile_number', 'updated_at'),
  sales_accounts: listOf(AccountOfContact),
});
const Deal = objectOf('Deal', texts('id', 'name', 'amount', 'expected_close'));
const Task = objectOf('Task', texts('id', 'title', 'due_date'));
const Note = objectOf('Note', texts('id', 'description'));
const Meta = objectOf('Meta', texts('total'));
const Activity = objectOf('Activity', texts('composite_id', 'action_type', 'created_at', 'user_id'));
const Hit = objectOf('Hit', texts('id', 'type', 'name', 'email'));

const get = (field: string, path: string, responseSchema: JsonSchema): JSONSchemaOperationConfig => ({
  type: 'Query',
  field,
  path,
  method: 'GET',
  responseSchema,
});

const page = (title: string, key: string, row: JsonSchema): JsonSchema =>
  objectOf(title, { [key]: listOf(row), meta: Meta });

const lists = [
  get(
    'contactsView',
    '/contacts/view/{args.view}?page=1&per_page={args.per_page}',
    page('ContactPage', 'contacts', Contact),
  ),
  get(
    'accountsView',
    '/sales_accounts/view/{args.view}?page=1&per_page={args.per_page}',
    page('AccountPage', 'sales_accounts', SalesAccount),
  ),
  get('dealsView', '/deals/view/{args.view}?page=1&per_page={args.per_page}', page('DealPage', 'deals', Deal)),
  get('search', '/search?q={args.q}&include=contact,sales_account,deal&per_page={args.per_page}', {
    ...listOf(Hit),
    title: 'Hits',
  }),
  get('pipelines', '/selector/deal_pipelines', objectOf('Pipelines', { deal_pipelines: listOf(Pipeline) })),
  get('owners', '/selector/owners', objectOf('Owners', { users: listOf(User) })),
  get(
    'lifecycleStages',
    '/selector/lifecycle_stages',
    objectOf('LifecycleStages', { lifecycle_stages: listOf(named('LifecycleStage')) }),
  ),
];

/** One record with the includes that Freshsales joins by itself: as few addresses as can be, so that the same ones meet. */
const singles = [
  get(
    'contactCard',
    '/contacts/{args.id}?include=owner,sales_accounts,contact_status',
    objectOf('ContactCard', { contact: Contact, users: listOf(User), contact_status: listOf(named('Status')) }),
  ),
  get(
    'contactLists',
    '/contacts/{args.id}?include=deals,tasks,notes',
    objectOf('ContactLists', { deals: listOf(Deal), tasks: listOf(Task), notes: listOf(Note) }),
  ),
  get(
    'activities',
    '/contacts/{args.id}/activities?include=user',
    objectOf('Activities', { activities: listOf(Activity) }),
  ),
  get(
    'accountCard',
    '/sales_accounts/{args.id}?include=owner',
    objectOf('AccountCard', { sales_account: SalesAccount, users: listOf(User) }),
  ),
  get(
    'accountLists',
    '/sales_accounts/{args.id}?include=contacts,deals,tasks',
    objectOf('AccountLists', { contacts: listOf(Contact), deals: listOf(Deal), tasks: listOf(Task) }),
  ),
  get(
    'dealCard',
    '/deals/{args.id}?include=owner,sales_account,deal_stage,deal_pipeline,contacts',
    objectOf('DealCard', {
      users: listOf(User),
      sales_accounts: listOf(SalesAccount),
      contacts: listOf(Contact),
      deal_stages: listOf(Stage),
      deal_pipelines: listOf(Pipeline),
    }),
  ),
];

/** By rules, in a POST. */
const changed: JSONSchemaOperationConfig = {
  type: 'Query',
  field: 'changedContacts',
  path: '/filtered_search/contact?page=1&per_page={args.per_page}&sort=updated_at&sort_type=desc',
  method: 'POST',
  requestSchema: objectOf('Filter', { filter_rule: listOf(objectOf('Rule', texts('attribute', 'operator', 'value'))) }),
  responseSchema: page('ChangedContacts', 'contacts', Contact),
};

/** The part of Freshsales' API that the benchmarks need, as Mesh's JSON Schema handler is told of an API. */
export const operations: JSONSchemaOperationConfig[] = [...lists, ...singles, changed];

const via = (field: string, result: string): string =>
  `@resolveTo(sourceName: "Freshsales", sourceTypeName: "Query", sourceFieldName: "${field}",
    requiredSelectionSet: "{ id }", sourceArgs: { id: "{root.id}" }, result: "${result}")`;

/** The relations, each by the address that leads to it. */
export const relations = `
  extend type Contact {
    owner: User ${via('contactCard', 'users[0]')}
    accounts: [AccountOfContact] ${via('contactCard', 'contact.sales_accounts')}
    status: Status ${via('contactCard', 'contact_status[0]')}
    deals: [Deal] ${via('contactLists', 'deals')}
    tasks: [Task] ${via('contactLists', 'tasks')}
    notes: [Note] ${via('contactLists', 'notes')}
  }
  extend type AccountOfContact {
    account: SalesAccount ${via('accountCard', 'sales_account')}
  }
  extend type SalesAccount {
    owner: User ${via('accountCard', 'users[0]')}
    contacts: [Contact] ${via('accountLists', 'contacts')}
    deals: [Deal] ${via('accountLists', 'deals')}
    tasks: [Task] ${via('accountLists', 'tasks')}
  }
  extend type Deal {
    owner: User ${via('dealCard', 'users[0]')}
    account: SalesAccount ${via('dealCard', 'sales_accounts[0]')}
    stage: Stage ${via('dealCard', 'deal_stages[0]')}
    pipeline: Pipeline ${via('dealCard', 'deal_pipelines[0]')}
    contacts: [Contact] ${via('dealCard', 'contacts')}
  }
`;
