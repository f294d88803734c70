import type { Hono } from 'hono';
import type { Account, Columns } from '../account.ts';
import { answer } from '../answers.ts';
import { customFields } from '../seed/custom-fields.ts';
import { type FieldLine, standardFields } from '../seed/fields.ts';

/** The forms of an account. Ids follow from the position. */
const FORMS = [
  ['contacts', 'Contact', 'DefaultContactForm'],
  ['sales_accounts', 'SalesAccount', 'DefaultSalesAccountForm'],
  ['deals', 'Deal', 'DefaultDealForm'],
] as const;

const FIRST_FORM = 2_000_022_765;

/** Forms and custom modules, of which there are none. */
export function formRoutes(api: Hono, _ui: Hono, _account: Account): void {
  api.get('/settings/forms', () =>
    answer({ forms: FORMS.map((form, index) => describeForm(form, FIRST_FORM + index)) }),
  );
  api.get('/settings/module_customizations', () => answer({ module_customizations: [] }));
}

function describeForm([module, field_class, name]: (typeof FORMS)[number], id: number): Columns {
  const element = (own: Columns, fields: readonly Columns[]): Columns => ({
    id: `${module}-${String(own.name)}`,
    ...own,
    fields,
    form_id: id,
    field_class,
  });
  const input = ({ name: field, label, type, visible }: FieldLine): Columns => ({
    ...element({ name: field, type, label }, []),
    visible: String(visible === true),
    field_options: { show_in_import: true },
  });
  const group = (own: Columns, lines: readonly FieldLine[]): Columns => element(own, lines.map(input));
  return {
    ...{ id, name, field_class },
    fields: [
      group({ name: 'basic_information', label: 'Basic information' }, standardFields[module] ?? []),
      group({ name: 'custom_information', label: 'Custom information' }, customFields[module] ?? []),
    ],
  };
}
