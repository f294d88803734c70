import { columns, number, phone, reference, team, text, website, whole, words } from './cast.ts';
import { customFieldStep } from './custom-field.ts';
import type { Step } from './draft.ts';
import type { WriteRules } from './write-rules.ts';

/** Sizes of a company; what is stored is the lower bound of the one that fits. */
const SIZES = [1, 11, 51, 201, 501, 1001, 5001, 10_001];

const size: Step = (draft) => {
  const { number_of_employees: given } = draft.changes;
  if (typeof given === 'number')
    draft.set({ number_of_employees: SIZES.findLast((bound) => bound <= given) ?? SIZES[0] });
};

const named: Step = (draft) => {
  draft.require('name', "Name can't be empty");
  const name = typeof draft.changes.name === 'string' ? draft.changes.name.trim().toLowerCase() : '';
  if (name !== '' && draft.isTaken((row) => String(row.name).trim().toLowerCase() === name))
    draft.refuse('Name has already been taken');
};

const parent: Step = (draft) => {
  if (draft.before && draft.changes.parent_sales_account_id === draft.before.id)
    draft.refuse('Parent sales account is invalid');
};

/** Unlike other records an account made through the API belongs to nobody by itself. */
const owner: Step = (draft) => {
  if (!draft.before && !draft.sent('owner_id')) draft.set({ owner_id: null });
};

export const salesAccountRules: WriteRules = {
  columns: {
    name: text(255),
    ...columns('address city state zipcode country facebook twitter linkedin', text()),
    phone,
    website,
    number_of_employees: whole,
    annual_revenue: number,
    tags: words,
    team_user_ids: team,
    owner_id: reference('User'),
    territory_id: reference('Territory'),
    industry_type_id: reference('IndustryType'),
    business_type_id: reference('BusinessType'),
    parent_sales_account_id: reference('SalesAccount'),
  },
  steps: [size, named, parent, owner, customFieldStep],
};
