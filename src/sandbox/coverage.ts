import type { Lookup } from '../freshsales/resource.ts';
import type { Account, EndpointLine, Method, Product, RecordSandbox, SandboxTypes } from './account.ts';
import { BESIDE_API } from './routes/related.ts';

/** One endpoint of Freshsales that the sandbox answers. */
export interface Endpoint {
  /** Number among the 44 endpoints of the original scope. */
  readonly number?: number;
  readonly method: Method;
  /** Path below the API root; `../` leaves it. */
  readonly path: string;
  /** The product that has the endpoint, if only one does. */
  readonly only?: Product;
  readonly note?: string;
}

/** The 44 endpoints of the original scope, in order. */
const NUMBERED = `
POST /contacts · GET /contacts/{id} · PUT /contacts/{id} · DELETE /contacts/{id} · DELETE /contacts/{id}/forget
POST /contacts/{id}/clone · GET /contacts/view/{id} · POST /sales_accounts · GET /sales_accounts/{id} · PUT /sales_accounts/{id}
DELETE /sales_accounts/{id} · POST /sales_accounts/{id}/clone · GET /sales_accounts/view/{id} · POST /deals · GET /deals/{id}
PUT /deals/{id} · DELETE /deals/{id} · POST /deals/{id}/clone · GET /deals/view/{id} · POST /leads · GET /leads/{id}
POST /tasks · GET /tasks · PUT /tasks/{id} · DELETE /tasks/{id} · POST /appointments · GET /appointments
PUT /appointments/{id} · DELETE /appointments/{id} · POST /notes · PUT /notes/{id} · DELETE /notes/{id}
POST /sales_activities · GET /sales_activities/{id} · PUT /sales_activities/{id} · DELETE /sales_activities/{id}
GET /cpq/products/{id} · POST /cpq/products · PUT /cpq/products/{id} · DELETE /cpq/products/{id}
GET /contacts/filters · GET /deals/filters · GET /search · GET /lookup
`
  .trim()
  .split(/ · |\n/);

const toEndpoint = ([method, path, note]: EndpointLine, only?: Product): Endpoint => {
  const number = NUMBERED.indexOf(`${method} ${path}`) + 1;
  return { ...(number > 0 && { number }), method, path, ...(only && { only }), ...(note !== undefined && { note }) };
};

/** The endpoints of a record type that is read through views. */
const ofViewed = ({ recordType, related = [], ...sandbox }: RecordSandbox): readonly EndpointLine[] => {
  const { path, one } = recordType;
  return [
    ['GET', `/${path}`, 'always 403, as in Freshsales'],
    ['GET', `../${path}`, 'list by segment_id'],
    ['GET', `/${path}/{id}`],
    ['GET', `/${path}/filters`],
    ['GET', `/${path}/filters/{id}`],
    ['GET', `/${path}/view/{id}`],
    ...BESIDE_API.map((rest): EndpointLine => ['GET', `../${path}/{id}/${rest}`]),
    ...related.map(([base, rest]): EndpointLine => ['GET', `${base === 'ui' ? '..' : ''}/${path}/{id}/${rest}`]),
    ...(sandbox.hasTimeline ? ([['GET', `/${path}/{id}/activities`]] as const) : []),
    ['POST', `/filtered_search/${one}`],
    ['POST', `/${path}`],
    ['POST', `/${path}/upsert`],
    ['PUT', `/${path}/{id}`],
    ['DELETE', `/${path}/{id}`],
    ['DELETE', `/${path}/{id}/forget`],
    ['POST', `/${path}/{id}/clone`],
    ['PUT', `/${path}/{id}/restore`],
    ...(sandbox.isRestoredBesideApi ? ([['PUT', `../${path}/{id}/restore`]] as const) : []),
    ['POST', `/${path}/bulk_upsert`],
    ['POST', `/${path}/bulk_destroy`],
    ['PUT', `/${path}/bulk_update`],
    ...(sandbox.isAssignable ? ([['POST', `/${path}/bulk_assign_owner`]] as const) : []),
  ];
};

/** The endpoints of a record type without views. */
const ofPlain = ({ recordType: { path }, read }: RecordSandbox): readonly EndpointLine[] => [
  ...(read ? ([['GET', `/${path}/{id}`]] as const) : []),
  ['POST', `/${path}`],
  ['PUT', `/${path}/{id}`],
  ['DELETE', `/${path}/{id}`],
];

const ofRecordType = (sandbox: RecordSandbox): readonly Endpoint[] =>
  [...(sandbox.views ? ofViewed(sandbox) : ofPlain(sandbox)), ...(sandbox.endpoints ?? [])].map((line) =>
    toEndpoint(line, sandbox.only),
  );

/** Lookups that only one product has. */
const ONLY: Readonly<Record<string, Product>> = {
  LeadStage: 'classic',
  LeadReason: 'classic',
  LifecycleStage: 'suite',
};

/** The lookups that the account has. */
export const lookupsOf = ({ types, product }: Account): readonly Lookup[] =>
  types.lookups.filter(({ name }) => (ONLY[name] ?? product) === product);

/** Endpoints that belong to no record type. */
const OTHERS: readonly EndpointLine[] = [
  ['GET', '/search'],
  ['GET', '/lookup'],
  ['GET', '/settings/{module}/fields'],
  ['GET', '/settings/forms'],
  ['GET', '/settings/module_customizations'],
  ['GET', '/selector/deal_pipelines/{id}/deal_stages'],
  ['GET', '/selector/sales_activity_types/{id}/sales_activity_outcomes'],
  ['GET', '/contacts/lists/{id}'],
  ['POST', '/lists'],
  ['PUT', '/lists/{id}'],
  ['PUT', '/lists/{id}/add_contacts'],
  ['PUT', '/lists/{id}/remove_contacts'],
  ['PUT', '/lists/{id}/move_contacts'],
  ['GET', '/job_statuses/{id}'],
  ['POST', '/cpq/cpq_documents'],
  ['GET', '/cpq/cpq_documents/{id}'],
  ['PUT', '/cpq/cpq_documents/{id}'],
  ['DELETE', '/cpq/cpq_documents/{id}'],
  ['DELETE', '/cpq/cpq_documents/{id}/forget'],
  ['PUT', '/cpq/cpq_documents/{id}/restore'],
  ['GET', '/cpq/cpq_documents/{id}/related_products'],
  ['POST', '/documents'],
  ['POST', '/document_links'],
  ['POST', '/phone_calls'],
  ['GET', '/phone_calls/{id}'],
  ['DELETE', '/phone_calls/{id}'],
];

/** Every endpoint of the sandbox. A test compares it with the routes. */
export const endpointsOf = ({ sandboxes, lookups }: SandboxTypes): readonly Endpoint[] => [
  ...sandboxes.flatMap(ofRecordType),
  ...lookups.map(({ list, name }) => toEndpoint(['GET', `/${list}`], ONLY[name])),
  ...OTHERS.map((line) => toEndpoint(line)),
];
