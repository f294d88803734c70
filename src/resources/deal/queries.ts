import { builder } from '../../schema/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../schema/root.ts';
import { sortInput } from '../../schema/sort.ts';
import { viewType } from '../../schema/views.ts';
import { dealType } from './record.ts';
import { Deal, DealConnection, loadDeal } from './type.ts';

const DealSortField = builder.enumType('DealSortField', {
  description: 'Fields that deals can be sorted by.',
  values: {
    AMOUNT: { value: 'amount', description: 'Amount.' },
    EXPECTED_CLOSE: { value: 'expected_close', description: 'Expected close date.' },
    CREATED_AT: { value: 'created_at', description: 'Time of creation.' },
    UPDATED_AT: { value: 'updated_at', description: 'Time of the last update.' },
  } as const,
});

const DealSort = sortInput('Deal', DealSortField);

const DealView = viewType(dealType);

builder.objectField(DealView, 'deals', (t) =>
  t.field(ofView(dealType, DealConnection, DealSort, 'The deals in the view.')),
);

builder.queryFields((t) => ({
  deal: t.field(byId(Deal, loadDeal, 'The deal with this id.')),
  deals: t.field(
    overView(
      dealType,
      DealConnection,
      DealSort,
      'Deals in a saved view. If the account has no “All …” view of deals, the default view is its open deals.',
    ),
  ),
  dealViews: t.field(allViews(dealType, DealView)),
  filterDeals: t.field(filtered(dealType, DealConnection, DealSort, 'Deals that match all rules (filtered search).')),
}));
