import type { Ids } from './example-writes.ts';

/** What the examples that answer a question are given as well. */
export const questionVariables = ({ account, deal }: Pick<Ids, 'account' | 'deal'>) => ({
  ...{ account, deal, from: '2026-11-30', to: '2027-01-01' },
});

const inView = (path: string, view: number, query: string) => () => [
  `GET /${path}/filters`,
  `GET /${path}/view/${view}?page=1&per_page=${query}`,
];

/** What each example that answers a question asks of Freshsales. The list of views is cached for an hour. */
export const questionCalls: Readonly<Record<string, (ids: Ids) => string[]>> = {
  'my-idle-deals.graphql': inView(
    'deals',
    31_003_548_188,
    '100&sort=updated_at&sort_type=asc&include=deal_stage,sales_account',
  ),
  'deals-by-stage.graphql': inView('deals', 31_003_548_187, '100&include=deal_stage'),
  'renewals-next-month.graphql': () => ['POST /filtered_search/contact?page=1&per_page=100'],
  'accounts-without-next-task.graphql': inView('sales_accounts', 31_003_548_200, '100&include=owner,tasks'),
  'overdue-tasks.graphql': () => ['GET /tasks?page=1&per_page=100&filter=overdue&include=owner'],
  'closing-soon.graphql': () => ['POST /filtered_search/deal?page=1&per_page=100'],
  'new-contacts.graphql': () => ['POST /filtered_search/contact?page=1&per_page=100&sort=created_at&sort_type=desc'],
  'biggest-deals.graphql': inView('deals', 31_003_548_187, '10&sort=amount&sort_type=desc&include=currency,owner'),
  'account-review.graphql': ({ account }) => [`GET /sales_accounts/${account}?include=deals,tasks`],
  'long-not-contacted.graphql': inView(
    'contacts',
    31_003_548_176,
    '25&sort=last_contacted&sort_type=asc&include=owner',
  ),
  'next-steps.graphql': ({ deal }) => [`GET /deals/${deal}?include=tasks,appointments,notes`],
  'lost-deals.graphql': inView('deals', 31_003_548_192, '100&sort=updated_at&sort_type=desc&include=deal_reason'),
};
