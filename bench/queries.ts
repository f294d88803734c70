import { readFileSync } from 'node:fs';

/** A query of a sales front end. */
export interface Query {
  readonly name: string;
  readonly what: string;
  /** The fewest calls that are known to be enough. The list of views is read once an hour. */
  readonly fewest: readonly string[];
}

const VIEWS = 'GET /contacts/filters';
const CONTACTS = 'GET /contacts/view/{id}';

export const queries: readonly Query[] = [
  { name: 'contacts-owner-account', what: '25 contacts, owners, accounts', fewest: [VIEWS, CONTACTS] },
  { name: 'contacts-page', what: '25 contacts with everything a row shows', fewest: [VIEWS, CONTACTS] },
  {
    name: 'contacts-account-phone',
    what: '25 contacts, their accounts’ telephone numbers',
    fewest: [VIEWS, CONTACTS, 'POST /filtered_search/sales_account'],
  },
  { name: 'deal-board', what: '100 deals by stage', fewest: ['GET /deals/filters', 'GET /deals/view/{id}'] },
  {
    name: 'deals-contact-email',
    what: '25 deals, their contacts’ e-mail addresses',
    fewest: ['GET /deals/filters', 'GET /deals/view/{id}'],
  },
  { name: 'account-page', what: 'one account with all relations', fewest: ['GET /sales_accounts/{id}'] },
  { name: 'contact-page', what: 'one contact with all relations', fewest: ['GET /contacts/{id}'] },
  {
    name: 'activity-feed',
    what: 'one contact’s timeline',
    fewest: ['GET /contacts/{id}', 'GET /contacts/{id}/activities'],
  },
  {
    name: 'my-day',
    what: '25 open tasks, 10 meetings, targets',
    fewest: ['GET /tasks', 'GET /appointments'],
  },
  { name: 'search-box', what: 'ten hits', fewest: ['GET /search'] },
  { name: 'recently-changed', what: '25 contacts by time, owners', fewest: ['POST /filtered_search/contact'] },
  {
    name: 'pipeline-settings',
    what: 'pipelines, stages, users',
    fewest: ['GET /selector/deal_pipelines', 'GET /selector/owners', 'GET /selector/lifecycle_stages'],
  },
  {
    name: 'dashboard-counts',
    what: 'three counts',
    fewest: ['contacts', 'sales_accounts', 'deals'].flatMap((path) => [
      `GET /${path}/filters`,
      `GET /${path}/view/{id}`,
    ]),
  },
];

/** The operation in this server's own schema. */
export const documentOf = (name: string): string =>
  readFileSync(new URL(`queries/${name}.graphql`, import.meta.url), 'utf8');
