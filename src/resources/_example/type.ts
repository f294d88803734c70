import { User } from '../../lookups/users.ts';
import { builder } from '../../schema/builder.ts';
import { createdTime, updatedTime } from '../../schema/fields.ts';
import { recordField } from '../../schema/list-fields.ts';
import { nodeType } from '../../schema/node.ts';
import { toOne } from '../../schema/relation.ts';
import { visitType } from './record.ts';

export const Visit = nodeType(visitType, 'A visit to a customer.');

builder.objectFields(Visit, (t) => ({
  title: t.exposeString('title', { semanticNonNull: true, description: 'Title.' }),
  startsAt: t.expose('starts_at', { type: 'DateTime', description: 'Start time.' }),
  createdAt: t.expose('created_at', createdTime),
  updatedAt: t.expose('updated_at', updatedTime),
  owner: t.field(toOne(visitType, 'owner', User, 'The user who owns the visit.')),
}));

builder.queryField('visit', (t) => t.field(recordField(Visit, 'The visit with this id.')));
