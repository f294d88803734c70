import { builder } from '../../schema/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../schema/root.ts';
import { sortInput } from '../../schema/sort.ts';
import { viewType } from '../../schema/views.ts';
import { salesAccountType } from './record.ts';
import { loadSalesAccount, SalesAccount, SalesAccountConnection } from './type.ts';

const SalesAccountSortField = builder.enumType('SalesAccountSortField', {
  description: 'Fields that sales accounts can be sorted by.',
  values: {
    OPEN_DEALS_AMOUNT: { value: 'open_deals_amount', description: 'Total amount of open deals.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
    LAST_CONTACTED: { value: 'last_contacted', description: 'Time of last contact.' },
  } as const,
});

const SalesAccountSort = sortInput('SalesAccount', SalesAccountSortField);

const SalesAccountView = viewType(salesAccountType);

builder.objectField(SalesAccountView, 'salesAccounts', (t) =>
  t.field(ofView(salesAccountType, SalesAccountConnection, SalesAccountSort, 'The sales accounts in the view.')),
);

builder.queryFields((t) => ({
  salesAccount: t.field(byId(SalesAccount, loadSalesAccount, 'The sales account with this id.')),
  salesAccounts: t.field(
    overView(salesAccountType, SalesAccountConnection, SalesAccountSort, 'Sales accounts in a saved view.'),
  ),
  salesAccountViews: t.field(allViews(salesAccountType, SalesAccountView)),
  filterSalesAccounts: t.field(
    filtered(
      salesAccountType,
      SalesAccountConnection,
      SalesAccountSort,
      'Sales accounts that match all rules (filtered search).',
    ),
  ),
}));
