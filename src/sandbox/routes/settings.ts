import type { Hono } from 'hono';
import { isMissingIn } from '../../freshsales/products.ts';
import type { Account, Columns } from '../account.ts';
import { answer, noSuchRoute } from '../answers.ts';
import { FIXED_CHOICES } from '../seed/choices.ts';
import { type FieldLine, type FormLine, standardFields, standardForms } from '../seed/fields.ts';
import { toNumber } from '../serialize.ts';
import type { Row } from '../store.ts';

/** A form with its fields, in groups. */
function describeForm({ customFields }: Account, { id, module, fieldClass, name }: FormLine): Columns {
  const element = (own: Columns, fields: readonly Columns[]): Columns => ({
    id: `${module}-${String(own.name)}`,
    ...own,
    fields,
    form_id: id,
    field_class: fieldClass,
  });
  const input = ({ name: field, label, type, visible }: FieldLine): Columns => ({
    ...element({ name: field, type, label }, []),
    visible: String(visible === true),
    field_options: { show_in_import: true },
  });
  const group = (own: Columns, lines: readonly FieldLine[]): Columns => element(own, lines.map(input));
  return {
    id,
    name,
    field_class: fieldClass,
    fields: [
      group({ name: 'basic_information', label: 'Basic information' }, standardFields[module] ?? []),
      group({ name: 'custom_information', label: 'Custom information' }, customFields[module] ?? []),
    ],
  };
}

/** Lookups that provide the choices of a field. */
const CHOICES: Readonly<Record<string, string>> = {
  owner_id: 'User',
  creater_id: 'User',
  updater_id: 'User',
  territory_id: 'Territory',
  campaign_id: 'Campaign',
  lead_source_id: 'LeadSource',
  lifecycle_stage_id: 'LifecycleStage',
  contact_status_id: 'ContactStatus',
  deal_pipeline_id: 'DealPipeline',
  deal_stage_id: 'DealStage',
  deal_reason_id: 'DealReason',
  deal_type_id: 'DealType',
  deal_payment_status_id: 'DealPaymentStatus',
  currency_id: 'Currency',
  industry_type_id: 'IndustryType',
  business_type_id: 'BusinessType',
  lead_stage_id: 'LeadStage',
  lead_reason_id: 'LeadReason',
  sales_activity_type_id: 'SalesActivityType',
  sales_activity_outcome_id: 'SalesActivityOutcome',
};

/** Lookups whose built-in rows are no choices of a sales activity, as recorded. */
const onlyOwn = ({ store }: Account, lookup: string, row: Row): boolean => {
  if (lookup === 'SalesActivityType') return row.is_default === false;
  if (lookup !== 'SalesActivityOutcome') return true;
  return store.of('SalesActivityType').get(String(row.sales_activity_type_id))?.is_default === false;
};

/** Forms, their fields, and custom modules, of which there are none. */
export function settingsRoutes(api: Hono, ui: Hono, account: Account): void {
  const describe = (forms: readonly FormLine[]) => answer({ forms: forms.map((form) => describeForm(account, form)) });
  api.get('/settings/forms', () => describe(standardForms));
  // Clients call these with and without `/api`.
  for (const base of [api, ui]) {
    base.get('/settings/module_customizations', () => answer({ module_customizations: [] }));
    base.get('/settings/:module/forms', (c) => {
      const form = standardForms.find(({ module }) => module === c.req.param('module'));
      return form ? describe([form]) : noSuchRoute();
    });
  }
  api.get('/settings/:module/fields', (c) => {
    const module = c.req.param('module');
    const sandbox = account.types.sandboxes.find(({ recordType }) => recordType.path === module);
    const all = standardFields[module];
    if (!sandbox || !all || (sandbox.only ?? account.product) !== account.product) return noSuchRoute();
    const model = sandbox.recordType.name;
    const standard = all.filter(({ name }) => !isMissingIn(account.product, model, [name]));
    const custom = account.customFields[module] ?? [];
    // Custom fields come last.
    const fields = [
      ...standard.map((line, index) => field(account, model, line, { id: index + 1, isDefault: true })),
      ...custom.map(({ choices = [], derive, ...line }, index) => ({
        ...field(account, model, line, { id: standard.length + index + 1, isDefault: false }),
        actionable: derive === undefined,
        choices: choices.map((value, at) => ({ id: String(32009650000 + at), value, position: at + 1 })),
      })),
    ];
    const asked = c.req.query('include') === 'field_group' ? { field_groups: [] } : {};
    return answer({ fields, ...asked });
  });
}

/** One field with keys in recorded order. */
function field(
  account: Account,
  model: string,
  line: FieldLine,
  { id, isDefault }: { id: number; isDefault: boolean },
): Columns {
  const { name, label, type, position, quickAdd = null, required = false, visible = false } = line;
  return {
    id,
    label,
    name,
    type,
    default: isDefault,
    actionable: true,
    position,
    choices: choicesOf(account, name),
    base_model: model,
    required,
    quick_add_position: quickAdd,
    visible,
    ...(line.suggest && { auto_suggest_url: line.suggest }),
    ...(line.creatable && { creatable: true, creatable_data_key: line.creatable }),
    ...(line.multiple && { multiple: true }),
  };
}

/** Choices of a field: the current rows of the lookup. */
function choicesOf(account: Account, name: string): Columns[] {
  const fixed = FIXED_CHOICES[name];
  if (fixed) return fixed.map(([id, value], index) => ({ id, value, position: index + 1 }));
  const lookup = CHOICES[name];
  if (!lookup) return [];
  // Ids of lifecycle stages are text here and numbers in their own list.
  const idOf = (row: Row): unknown => (lookup === 'LifecycleStage' ? row.id : toNumber(row.id));
  return account.store
    .of(lookup)
    .query((row) => onlyOwn(account, lookup, row))
    .map((row, index) => ({
      id: idOf(row),
      value: row.name ?? row.display_name ?? row.currency_code,
      position: index + 1,
      // Of stages and users. JSON leaves out the columns that other lookups do not have.
      forecast_type: row.forecast_type,
      is_active: row.is_active,
      choice_type: row.choice_type,
    }));
}
