import { builder } from '../../graph/builder.ts';
import { allViews, byId, filtered, ofView, overView } from '../../graph/root.ts';
import { sortInput } from '../../graph/sort.ts';
import { viewType } from '../../graph/views.ts';
import { dealResource } from './resource.ts';
import { Deal, DealConnection, loadDeal } from './type.ts';

const DealSortField = builder.enumType('DealSortField', {
  description: 'What deals can be sorted by.',
  values: {
    AMOUNT: { value: 'amount', description: 'What they are worth.' },
    EXPECTED_CLOSE: { value: 'expected_close', description: 'The day they should be won by.' },
    CREATED_AT: { value: 'created_at', description: 'When they were entered.' },
    UPDATED_AT: { value: 'updated_at', description: 'When they were last changed.' },
  } as const,
});

const DealSort = sortInput('Deal', DealSortField);

const DealView = viewType(dealResource);

builder.objectField(DealView, 'deals', (t) =>
  t.field(ofView(dealResource, DealConnection, DealSort, 'The deals it shows.')),
);

builder.queryFields((t) => ({
  deal: t.field(byId(Deal, loadDeal, 'A deal.')),
  deals: t.field(
    overView(
      dealResource,
      DealConnection,
      DealSort,
      'Deals of a saved view. An account without an “All …” view of deals begins with its open ones.',
    ),
  ),
  dealViews: t.field(allViews(dealResource, DealView)),
  filterDeals: t.field(
    filtered(dealResource, DealConnection, DealSort, 'Deals for which all rules hold (filtered search).'),
  ),
}));
