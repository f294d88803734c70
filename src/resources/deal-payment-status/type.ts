import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { type DealPaymentStatusRecord, dealPaymentStatusLookup } from './record.ts';

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
