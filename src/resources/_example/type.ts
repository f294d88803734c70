import { loadUser, User } from '../../lookups/users.ts';
import { loaderFor } from '../../records/loader.ts';
import { builder } from '../../schema/builder.ts';
import { createdTime, updatedTime } from '../../schema/fields.ts';
import { Node, withIds } from '../../schema/node.ts';
import { toOne } from '../../schema/relation.ts';
import { byId } from '../../schema/root.ts';
import { type VisitRecord, visitType } from './record.ts';

export const loadVisit = loaderFor(visitType);

export const Visit = builder.objectRef<VisitRecord>('Visit');

Visit.implement({
  description: 'A visit to a customer.',
  interfaces: [Node],
  fields: (t) => ({
    title: t.exposeString('title', { semanticNonNull: true, description: 'Title.' }),
    startsAt: t.expose('starts_at', { type: 'DateTime', description: 'Start time.' }),
    createdAt: t.expose('created_at', createdTime),
    updatedAt: t.expose('updated_at', updatedTime),
    owner: t.field(toOne(visitType, 'owner', User, loadUser, 'The user who owns the visit.')),
  }),
});
withIds(Visit);

builder.queryField('visit', (t) => t.field(byId(Visit, loadVisit, 'The visit with this id.')));
