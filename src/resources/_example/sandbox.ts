import { defineSandbox } from '../../sandbox/account.ts';
import { moment, reference, text } from '../../sandbox/writes/cast.ts';
import { visitType } from './record.ts';

export const visitSandbox = defineSandbox(
  visitType,
  {
    columns: { title: text(255), starts_at: moment, owner_id: reference('User') },
    steps: [(draft) => draft.require('title', "Title can't be blank")],
  },
  { isOwned: true, read: {} },
);
