import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { world } from './world.ts';

interface Field {
  readonly name: string;
  readonly choices: readonly { readonly id: unknown; readonly value: unknown }[];
}

const fieldsIn = (text: string): readonly Field[] => JSON.parse(text).fields;

/** Fields whose choices are the same in every account. */
const FIXED = new Set(
  [
    'emails phone_numbers status customer_fit forecast_category number_of_employees lost_reason_id lifecycle_stage_id',
    'subscription_status subscription_types whatsapp_subscription_status sms_subscription_status',
    'unsubscription_reason last_contacted_mode last_contacted_sales_activity_mode',
  ].flatMap((line) => line.split(' ')),
);

const choicesIn = (fields: readonly Field[]) =>
  Object.fromEntries(
    fields
      .filter(({ name }) => FIXED.has(name))
      .map(({ name, choices }) => [name, choices.map(({ id, value }) => [id, value])]),
  );

it.each(['contacts', 'sales_accounts', 'deals', 'sales_activities'])('has the recorded choices of %s', async (path) => {
  const recorded = readFileSync(new URL(`../fixtures/settings.${path}.fields.json`, import.meta.url), 'utf8');
  const { text } = await world().get(`/settings/${path}/fields`);
  expect(choicesIn(fieldsIn(text))).toEqual(choicesIn(fieldsIn(recorded)));
});

it('offers only activity types of the account’s own', async () => {
  const { text } = await world().get('/settings/sales_activities/fields');
  const offered = (field: string) =>
    fieldsIn(text)
      .find(({ name }) => name === field)
      ?.choices.map(({ value }) => value);
  expect(offered('sales_activity_type_id')).toEqual(['Site visit']);
  expect(offered('sales_activity_outcome_id')).toHaveLength(5);
});
