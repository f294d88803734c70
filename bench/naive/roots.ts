import type { Rest, Row } from './rest.ts';

type Root = (rest: Rest, args: Readonly<Record<string, unknown>>) => Promise<unknown>;

const connection = (rows: unknown, meta: unknown) => ({ nodes: rows, totalCount: (meta as Row | undefined)?.total });

/** Finds the “All” view by name. */
const viewed =
  (path: string): Root =>
  async (rest, { first = 25 }) => {
    const { filters } = await rest.get(`/${path}/filters`);
    const view = (filters as Row[]).find(({ name }) => String(name).startsWith('All '));
    const page = await rest.get(`/${path}/view/${view?.id}?page=1&per_page=${first}`);
    return connection(page[path], page.meta);
  };

const single =
  (path: string, one: string): Root =>
  async (rest, { id }) =>
    (await rest.get(`/${path}/${id}`))[one];

const filtered =
  (path: string): Root =>
  async (rest, { filter, first = 25 }) => {
    const page = await rest.get(`/${path}?filter=${String(filter).toLowerCase()}&page=1&per_page=${first}`);
    return connection(page[path], page.meta);
  };

const listed =
  (path: string, key: string): Root =>
  async (rest) =>
    (await rest.get(`/${path}`))[key];

const changed: Root = async (rest, { where, first }) => {
  const rules = (where as Row[]).map(({ attribute, value }) => ({ attribute, operator: 'is_after', value }));
  const path = `/filtered_search/contact?page=1&per_page=${first}&sort=updated_at&sort_type=desc`;
  const page = await rest.post(path, { filter_rule: rules });
  return connection(page.contacts, page.meta);
};

const search: Root = async (rest, { query, first }) => {
  const found = await rest.get(`/search?q=${query}&include=contact,sales_account,deal&per_page=${first}`);
  return (found as unknown as Row[]).map((hit) => ({ ...hit, type: String(hit.type).toUpperCase() }));
};

/** The fields of Query. */
export const roots: Readonly<Record<string, Root>> = {
  contacts: viewed('contacts'),
  salesAccounts: viewed('sales_accounts'),
  deals: viewed('deals'),
  contact: single('contacts', 'contact'),
  salesAccount: single('sales_accounts', 'sales_account'),
  tasks: filtered('tasks'),
  appointments: filtered('appointments'),
  filterContacts: changed,
  search,
  dealPipelines: listed('selector/deal_pipelines', 'deal_pipelines'),
  owners: listed('selector/owners', 'users'),
  lifecycleStages: listed('selector/lifecycle_stages', 'lifecycle_stages'),
};
