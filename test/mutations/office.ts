import { contactListLookup, dealPipelineLookup, dealStageLookup } from '../../src/lookups/lookup-types.ts';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { leadType } from '../../src/resources/lead/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { productType } from '../../src/resources/product/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { salesActivityType } from '../../src/resources/sales-activity/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import type { Seed } from '../../src/sandbox/sandbox.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** People and rows of small lists that a fresh account has. */
export const ALEX = '31000148397';
export const PRIYA = '31000148398';
export const NEW = '31000425871';
export const WON = '31000425876';
export const PIPELINE = '31000060739';

const about = (type: string, id: string) => ({ targetables: [{ type, id }] });

/** A small office whose records have ids that can be remembered. */
const sow: Seed = ({ put }) => {
  put(dealPipelineLookup, { id: '71', name: 'Renewals', is_default: false });
  put(dealStageLookup, { id: '711', name: 'Due', deal_pipeline_id: '71', forecast_type: 'Open', position: 1 });
  put(salesAccountType, {
    id: '501',
    name: 'Acme',
    city: 'Pune',
    tags: ['old'],
    custom_field: { cf_is_vip: true },
  });
  put(salesAccountType, { id: '502', name: 'Globex' });
  put(contactType, {
    ...{ id: '101', first_name: 'Ada', last_name: 'Byron', email: 'ada@acme.example', job_title: 'Engineer' },
    sales_accounts: [{ id: '501', name: 'Acme', is_primary: true }],
    ...{ list_ids: ['61'], tags: ['early'], owner_id: ALEX, custom_field: { cf_nickname: 'Countess', cf_seats: 3 } },
  });
  put(contactType, { id: '102', first_name: 'Ben', last_name: 'Ode', email: 'ben@globex.example' });
  put(contactType, {
    id: '103',
    first_name: 'Cleo',
    last_name: 'Nil',
    email: 'cleo@acme.example',
    is_deleted: true,
  });
  put(contactListLookup, { id: '61', name: 'Readers' });
  put(contactListLookup, { id: '62', name: 'Buyers' });
  put(productType, {
    ...{ id: '701', name: 'Seat', pricing_type: 1, base_currency_amount: 10 },
    product_pricings: [price('751', 'USD', 10), price('752', 'EUR', 9)],
  });
  put(productType, { id: '702', name: 'Old seat', is_deleted: true });
  put(dealType, {
    ...{ id: '301', name: 'Big one', amount: '100.0', expected_close: '2026-07-01', tags: ['hot'] },
    ...{ sales_account_id: '501', contact_ids: ['101'], deal_stage_id: NEW, deal_pipeline_id: PIPELINE },
  });
  put(dealType, { id: '302', name: 'Renewal', amount: '7.0', deal_stage_id: '711', deal_pipeline_id: '71' });
  put(leadType, { id: '201', last_name: 'Dune', email: 'dune@initech.example', company: { name: 'Initech' } });
  put(leadType, { id: '202', last_name: 'Eve', email: 'eve@initech.example' });
  put(taskType, {
    id: '401',
    title: 'Call Ada',
    due_date: '2026-06-20T10:00:00+02:00',
    ...about('Contact', '101'),
  });
  put(appointmentType, {
    ...{ id: '601', title: 'Tea', from_date: '2026-06-21T10:00:00+02:00', end_date: '2026-06-21T11:00:00+02:00' },
    ...about('Contact', '101'),
  });
  put(noteType, { id: '801', description: 'Likes tea', ...about('Contact', '101') });
  put(salesActivityType, {
    ...{ id: '901', title: 'Visit', start_date: '2026-06-01T10:00:00+02:00', end_date: '2026-06-01T11:00:00+02:00' },
    ...about('Deal', '301'),
  });
};

const price = (id: string, currency_code: string, unit_price: number) => ({
  ...{ id, currency_code, unit_price, _destroy: false, is_locked: false },
  ...{ billing_cycle: null, billing_type: null, setup_fee: null },
});

/** The whole stack over that office. */
export const openOffice = (options: WorldOptions = {}) => openWorld({ seed: sow, ...options });

export type Office = ReturnType<typeof openOffice>;
