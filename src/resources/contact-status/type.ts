import { lookupLoader } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { namedFields, wholeList } from '../../schema/lookup.ts';
import { Node, nodeType } from '../../schema/node.ts';
import { toOneBy } from '../../schema/relation.ts';
import { LifecycleStage, loadLifecycleStage } from '../lifecycle-stage/type.ts';
import { type ContactStatusRecord, contactStatusLookup } from './record.ts';

export const loadContactStatus = lookupLoader(contactStatusLookup);

export const ContactStatus = builder.objectRef<ContactStatusRecord>('ContactStatus');

ContactStatus.implement({
  description: 'A status within a lifecycle stage, such as New or Contacted.',
  interfaces: [Node],
  fields: (t) => ({
    forecastType: t.exposeString('forecast_type', { description: 'Forecast type: Open, Closed Won or Closed Lost.' }),
    lifecycleStage: t.field(
      toOneBy(
        contactStatusLookup,
        'lifecycle_stage_id',
        LifecycleStage,
        loadLifecycleStage,
        'The lifecycle stage of the status.',
      ),
    ),
  }),
});
namedFields(ContactStatus);
nodeType(ContactStatus, loadContactStatus);

builder.queryField('contactStatuses', (t) =>
  t.field(wholeList(ContactStatus, contactStatusLookup, 'The contact statuses of all lifecycle stages.')),
);
