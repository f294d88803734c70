import { appointmentResource } from '../../src/resources/appointment/resource.ts';
import { contactResource } from '../../src/resources/contact/resource.ts';
import { contactListLookup } from '../../src/resources/contact-list/resource.ts';
import { dealResource } from '../../src/resources/deal/resource.ts';
import { dealPipelineLookup } from '../../src/resources/deal-pipeline/resource.ts';
import { dealStageLookup } from '../../src/resources/deal-stage/resource.ts';
import { leadResource } from '../../src/resources/lead/resource.ts';
import { noteResource } from '../../src/resources/note/resource.ts';
import { productResource } from '../../src/resources/product/resource.ts';
import { salesAccountResource } from '../../src/resources/sales-account/resource.ts';
import { salesActivityResource } from '../../src/resources/sales-activity/resource.ts';
import { taskResource } from '../../src/resources/task/resource.ts';
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
  put(salesAccountResource, {
    id: '501',
    name: 'Acme',
    city: 'Pune',
    tags: ['old'],
    custom_field: { cf_is_vip: true },
  });
  put(salesAccountResource, { id: '502', name: 'Globex' });
  put(contactResource, {
    ...{ id: '101', first_name: 'Ada', last_name: 'Byron', email: 'ada@acme.example', job_title: 'Engineer' },
    sales_accounts: [{ id: '501', name: 'Acme', is_primary: true }],
    ...{ list_ids: ['61'], tags: ['early'], owner_id: ALEX, custom_field: { cf_nickname: 'Countess', cf_seats: 3 } },
  });
  put(contactResource, { id: '102', first_name: 'Ben', last_name: 'Ode', email: 'ben@globex.example' });
  put(contactResource, {
    id: '103',
    first_name: 'Cleo',
    last_name: 'Nil',
    email: 'cleo@acme.example',
    is_deleted: true,
  });
  put(contactListLookup, { id: '61', name: 'Readers' });
  put(contactListLookup, { id: '62', name: 'Buyers' });
  put(productResource, {
    ...{ id: '701', name: 'Seat', pricing_type: 1, base_currency_amount: 10 },
    product_pricings: [price('751', 'USD', 10), price('752', 'EUR', 9)],
  });
  put(productResource, { id: '702', name: 'Old seat', is_deleted: true });
  put(dealResource, {
    ...{ id: '301', name: 'Big one', amount: '100.0', expected_close: '2026-07-01', tags: ['hot'] },
    ...{ sales_account_id: '501', contact_ids: ['101'], deal_stage_id: NEW, deal_pipeline_id: PIPELINE },
  });
  put(dealResource, { id: '302', name: 'Renewal', amount: '7.0', deal_stage_id: '711', deal_pipeline_id: '71' });
  put(leadResource, { id: '201', last_name: 'Dune', email: 'dune@initech.example', company: { name: 'Initech' } });
  put(leadResource, { id: '202', last_name: 'Eve', email: 'eve@initech.example' });
  put(taskResource, {
    id: '401',
    title: 'Call Ada',
    due_date: '2026-06-20T10:00:00+02:00',
    ...about('Contact', '101'),
  });
  put(appointmentResource, {
    ...{ id: '601', title: 'Tea', from_date: '2026-06-21T10:00:00+02:00', end_date: '2026-06-21T11:00:00+02:00' },
    ...about('Contact', '101'),
  });
  put(noteResource, { id: '801', description: 'Likes tea', ...about('Contact', '101') });
  put(salesActivityResource, {
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
