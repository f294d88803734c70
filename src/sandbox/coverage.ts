import type { Lookup } from '../freshsales/resource.ts';
import { lookups } from '../lookups/index.ts';
import { recordTypes } from '../resources/index.ts';
import type { Product } from './account.ts';

/** One endpoint of Freshsales, and whether the sandbox answers it. */
export interface Endpoint {
  /** Place among the 44 endpoints that the project set out with. */
  readonly number?: number;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the API root; `../` is beside it. */
  readonly path: string;
  readonly status: 'supported' | 'planned';
  /** Only one of the two products has it. */
  readonly only?: Product;
  readonly note?: string;
}

type Line = readonly [number: number | null, method: Endpoint['method'], path: string, note?: string];

/** Leads and all that is about them is Classic. */
const endpoints = (status: Endpoint['status'], lines: readonly Line[]): readonly Endpoint[] =>
  lines.map(([number, method, path, note]) => ({
    ...(number !== null && { number }),
    method,
    path,
    status,
    ...(path.startsWith('/leads') || path.includes('/lead') ? { only: 'classic' as const } : {}),
    ...(note !== undefined && { note }),
  }));

/** What is read, apart from what several record types have in common. */
const READS = endpoints('supported', [
  [2, 'GET', '/contacts/{id}'],
  [7, 'GET', '/contacts/view/{id}'],
  [9, 'GET', '/sales_accounts/{id}'],
  [13, 'GET', '/sales_accounts/view/{id}'],
  [15, 'GET', '/deals/{id}'],
  [19, 'GET', '/deals/view/{id}'],
  [21, 'GET', '/leads/{id}'],
  [23, 'GET', '/tasks'],
  [27, 'GET', '/appointments'],
  [34, 'GET', '/sales_activities/{id}'],
  [37, 'GET', '/cpq/products/{id}'],
  [41, 'GET', '/contacts/filters'],
  [42, 'GET', '/deals/filters'],
  [43, 'GET', '/search'],
  [44, 'GET', '/lookup'],
  [null, 'GET', '/leads/view/{id}'],
  [null, 'GET', '/sales_accounts/filters'],
  [null, 'GET', '/leads/filters'],
  [null, 'GET', '/tasks/{id}'],
  [null, 'GET', '/appointments/{id}'],
  [null, 'GET', '/sales_activities'],
  [null, 'GET', '/notes', 'no such page, as in Freshsales'],
  [null, 'GET', '/notes/{id}', 'always 404, as in Freshsales'],
  [null, 'GET', '/cpq/products', 'no such page, as in Freshsales'],
  [null, 'GET', '/contacts/lists/{id}'],
  [null, 'GET', '/contacts/{id}/activities'],
  [null, 'GET', '/leads/{id}/activities'],
  [null, 'GET', '/contacts/{id}/document_associations'],
  [null, 'GET', '/contacts/{id}/appointments'],
  [null, 'GET', '/contacts/{id}/notes'],
  [null, 'GET', '/deals/{id}/notes'],
  [null, 'GET', '/leads/{id}/notes'],
  [null, 'GET', '/sales_accounts/{id}/contacts'],
  [null, 'GET', '../sales_accounts/{id}/contacts'],
  [null, 'GET', '../appointments', 'the filter may be missing'],
  [null, 'GET', '/selector/deal_pipelines/{id}/deal_stages'],
  [null, 'GET', '/selector/sales_activity_types/{id}/sales_activity_outcomes'],
  [null, 'GET', '/settings/{module}/fields'],
]);

/** What every record type with views has. */
const VIEWED = recordTypes
  .filter(({ path }) => READS.some((endpoint) => endpoint.path === `/${path}/view/{id}`))
  .flatMap(({ path, one }) =>
    endpoints('supported', [
      [null, 'GET', `/${path}`, 'always 403, as in Freshsales'],
      [null, 'GET', `../${path}`, 'list by segment_id'],
      [null, 'GET', `/${path}/filters/{id}`],
      [null, 'GET', `../${path}/{id}/notes`],
      [null, 'GET', `../${path}/{id}/tasks`],
      [null, 'GET', `../${path}/{id}/appointments`],
      [null, 'POST', `/filtered_search/${one}`],
    ]),
  );

/** Lookups that only one product has. */
const ONLY: Readonly<Record<string, Product>> = {
  LeadStage: 'classic',
  LeadReason: 'classic',
  LifecycleStage: 'suite',
};

/** Every lookup's own list. */
const LISTS: readonly Endpoint[] = lookups.map(({ list, name }) => {
  const only = ONLY[name];
  return { method: 'GET', path: `/${list}`, status: 'supported', ...(only && { only }) };
});

/** The lookups that a product has. */
export const lookupsOf = (product: Product): readonly Lookup[] =>
  lookups.filter(({ name }) => (ONLY[name] ?? product) === product);

/** The writes among the 44. */
const WRITES = endpoints('supported', [
  [1, 'POST', '/contacts'],
  [3, 'PUT', '/contacts/{id}'],
  [4, 'DELETE', '/contacts/{id}'],
  [5, 'DELETE', '/contacts/{id}/forget'],
  [6, 'POST', '/contacts/{id}/clone'],
  [8, 'POST', '/sales_accounts'],
  [10, 'PUT', '/sales_accounts/{id}'],
  [11, 'DELETE', '/sales_accounts/{id}'],
  [12, 'POST', '/sales_accounts/{id}/clone'],
  [14, 'POST', '/deals'],
  [16, 'PUT', '/deals/{id}'],
  [17, 'DELETE', '/deals/{id}'],
  [18, 'POST', '/deals/{id}/clone'],
  [20, 'POST', '/leads'],
  [22, 'POST', '/tasks'],
  [24, 'PUT', '/tasks/{id}'],
  [25, 'DELETE', '/tasks/{id}'],
  [26, 'POST', '/appointments'],
  [28, 'PUT', '/appointments/{id}'],
  [29, 'DELETE', '/appointments/{id}'],
  [30, 'POST', '/notes'],
  [31, 'PUT', '/notes/{id}'],
  [32, 'DELETE', '/notes/{id}'],
  [33, 'POST', '/sales_activities'],
  [35, 'PUT', '/sales_activities/{id}'],
  [36, 'DELETE', '/sales_activities/{id}'],
  [38, 'POST', '/cpq/products'],
  [39, 'PUT', '/cpq/products/{id}'],
  [40, 'DELETE', '/cpq/products/{id}'],
]);

/** Writes to one record that are known from elsewhere. */
const SINGLE = endpoints('supported', [
  ...['contacts', 'sales_accounts', 'deals', 'leads'].flatMap((path): readonly Line[] => [
    [null, 'POST', `/${path}/upsert`],
    [null, 'PUT', `/${path}/{id}/restore`],
  ]),
  [null, 'PUT', '../contacts/{id}/restore'],
  [null, 'DELETE', '/sales_accounts/{id}/forget'],
  [null, 'DELETE', '/deals/{id}/forget'],
  [null, 'DELETE', '/leads/{id}/forget'],
  [null, 'PUT', '/leads/{id}'],
  [null, 'DELETE', '/leads/{id}'],
  [null, 'POST', '/leads/{id}/clone'],
  [null, 'PUT', '/cpq/products/{id}/restore'],
]);

/** Many records at once, lists, jobs and leads. */
const MANY = endpoints('supported', [
  ...['contacts', 'sales_accounts', 'deals', 'leads'].flatMap((path): readonly Line[] => [
    [null, 'POST', `/${path}/bulk_upsert`],
    [null, 'POST', `/${path}/bulk_destroy`],
    [null, 'PUT', `/${path}/bulk_update`],
  ]),
  [null, 'POST', '/contacts/bulk_assign_owner'],
  [null, 'POST', '/leads/bulk_assign_owner'],
  [null, 'POST', '/leads/{id}/convert'],
  [null, 'POST', '/lists'],
  [null, 'PUT', '/lists/{id}'],
  [null, 'PUT', '/lists/{id}/add_contacts'],
  [null, 'PUT', '/lists/{id}/remove_contacts'],
  [null, 'PUT', '/lists/{id}/move_contacts'],
  [null, 'GET', '/job_statuses/{id}'],
]);

/** Quotes, files, telephone calls and forms. */
const FURTHER = endpoints('supported', [
  [null, 'POST', '/cpq/cpq_documents'],
  [null, 'GET', '/cpq/cpq_documents/{id}'],
  [null, 'PUT', '/cpq/cpq_documents/{id}'],
  [null, 'DELETE', '/cpq/cpq_documents/{id}'],
  [null, 'DELETE', '/cpq/cpq_documents/{id}/forget'],
  [null, 'PUT', '/cpq/cpq_documents/{id}/restore'],
  [null, 'GET', '/cpq/cpq_documents/{id}/related_products'],
  [null, 'POST', '/documents'],
  [null, 'POST', '/document_links'],
  [null, 'POST', '/phone_calls'],
  [null, 'GET', '/phone_calls/{id}'],
  [null, 'DELETE', '/phone_calls/{id}'],
  [null, 'GET', '/settings/forms'],
  [null, 'GET', '/settings/module_customizations'],
]);

/** Every endpoint that the sandbox knows of. A test holds it against the routes. */
export const coverage: readonly Endpoint[] = [...READS, ...VIEWED, ...LISTS, ...WRITES, ...SINGLE, ...MANY, ...FURTHER];

/** The endpoints of one product. */
export const coverageOf = (product: Product): readonly Endpoint[] =>
  coverage.filter(({ only }) => only === undefined || only === product);
