import { builder } from '../../graph/builder.ts';
import { lookupLoader } from '../../graph/loader.ts';
import { namedFields, wholeList } from '../../graph/lookup.ts';
import { Node, nodeType } from '../../graph/node.ts';
import { type DealPaymentStatusRecord, dealPaymentStatusLookup } from './resource.ts';

export const loadDealPaymentStatus = lookupLoader(dealPaymentStatusLookup);

export const DealPaymentStatus = builder.objectRef<DealPaymentStatusRecord>('DealPaymentStatus');

DealPaymentStatus.implement({
  description: 'A payment status of deals.',
  interfaces: [Node],
});
namedFields(DealPaymentStatus);
nodeType(DealPaymentStatus, loadDealPaymentStatus);

builder.queryField('dealPaymentStatuses', (t) =>
  t.field(wholeList(DealPaymentStatus, dealPaymentStatusLookup, 'The payment statuses of deals.')),
);
