import { builder } from '../../graph/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../graph/root.ts';
import { sortInput } from '../../graph/sort.ts';
import { viewType } from '../../graph/views.ts';
import { salesAccountResource } from './resource.ts';
import { loadSalesAccount, SalesAccount, SalesAccountConnection } from './type.ts';

const SalesAccountSortField = builder.enumType('SalesAccountSortField', {
  description: 'What salesAccounts can be sorted by.',
  values: {
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'The sum of their open deals.' },
    CREATED_AT: { value: 'created_at', description: 'When they were entered.' },
    UPDATED_AT: { value: 'updated_at', description: 'When they were last changed.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'When they were last contacted.' },
  } as const,
});

const SalesAccountSort = sortInput('SalesAccount', SalesAccountSortField);

const SalesAccountView = viewType(salesAccountResource);

builder.objectField(SalesAccountView, 'salesAccounts', (t) =>
  t.field(ofView(salesAccountResource, SalesAccountConnection, SalesAccountSort, 'The accounts it shows.')),
);

builder.queryFields((t) => ({
  salesAccount: t.field(byId(SalesAccount, loadSalesAccount, 'A sales account.')),
  salesAccounts: t.field(
    overView(salesAccountResource, SalesAccountConnection, SalesAccountSort, 'Sales accounts of a saved view.'),
  ),
  salesAccountViews: t.field(allViews(salesAccountResource, SalesAccountView)),
  filterSalesAccounts: t.field(
    filtered(
      salesAccountResource,
      SalesAccountConnection,
      SalesAccountSort,
      'Sales accounts for which all rules hold (filtered search).',
    ),
  ),
}));
