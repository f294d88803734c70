/** The ids that examples are given. */
export interface Ids {
  readonly contact: string;
  readonly account: string;
  readonly deal: string;
  readonly product: string;
  readonly task: string;
}

/** What the examples that write are given as well. */
export const writeVariables = ({ contact, account, deal, product, task }: Ids) => ({
  ...{ contact: `gid://freshsales/Contact/${contact}`, contacts: [contact], company: account, deal, product, task },
  ...{ name: 'Fair & Sons', key: 'order 4711', stage: '31000425874', list: '31000036946' },
  colleague: 'gid://freshsales/User/31000148398',
  rows: [
    { email: 'fay@fair.example', data: { firstName: 'Fay' } },
    { id: contact, data: { city: 'Turin' } },
  ],
});

/** What each example that writes asks of Freshsales. */
export const writeCalls: Readonly<Record<string, (ids: Ids) => string[]>> = {
  'create-contact.graphql': () => ['POST /contacts?include=owner,sales_accounts'],
  'change-contact.graphql': ({ contact }) => [`PUT /contacts/${contact}?include=deals`],
  'upsert-account.graphql': () => ['POST /sales_accounts/upsert'],
  'clone-deal.graphql': ({ deal }) => [`POST /deals/${deal}/clone?include=contacts`],
  'move-deal.graphql': ({ deal }) => ['GET /selector/deal_stages', `PUT /deals/${deal}?include=products,deal_stage`],
  'finish-task.graphql': ({ task }) => [`PUT /tasks/${task}`, 'POST /tasks?include=targetable'],
  'note-and-meeting.graphql': () => ['POST /notes', 'POST /appointments?include=appointment_attendees,targetable'],
  'import-contacts.graphql': () => ['POST /contacts/bulk_upsert', 'GET /job_statuses/{id}'],
  'lists-of-contacts.graphql': () => ['PUT /lists/31000036946', 'PUT /lists/31000036946/add_contacts'],
  'create-once.graphql': () => ['POST /deals?include=sales_account'],
  'delete-and-restore.graphql': ({ contact }) => [`DELETE /contacts/${contact}`, `PUT ../contacts/${contact}/restore`],
};
