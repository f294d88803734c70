import { appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { dealType } from '../../src/resources/deal/record.ts';
import { salesAccountType } from '../../src/resources/sales-account/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openWorld, type WorldOptions } from '../world.ts';

/** So many contacts, each with an account, two deals, two tasks (one of them done) and two appointments (one of them over). */
export function openCrowd(count: number, options: WorldOptions = {}) {
  const world = openWorld({ seed: false, ...options });
  const { sandbox } = world;
  const made = Array.from({ length: count }, (_, index) => {
    const n = index + 1;
    const account = sandbox.put(salesAccountType, { name: `Acme ${n}` });
    const contact = sandbox.put(contactType, {
      display_name: `Ada ${n}`,
      email: `ada${n}@acme.example`,
      sales_accounts: [{ id: account.id, name: account.name, is_primary: true }],
    });
    const deals = ['A', 'B'].map((part) =>
      sandbox.put(dealType, {
        ...{ name: `Deal ${n}${part}`, tags: [`tag ${n}`] },
        ...{ contact_ids: [contact.id], sales_account_id: account.id },
      }),
    );
    const about = [
      { type: 'Contact', id: contact.id },
      { type: 'SalesAccount', id: account.id },
      { type: 'Deal', id: deals[0]?.id ?? '' },
    ];
    for (const status of [0, 1])
      sandbox.put(taskType, { title: `Task ${n} ${status}`, status, targetables: about, due_date: DUE });
    for (const year of [2001, 2101]) {
      const day = `${year}-01-01T10:00:00Z`;
      sandbox.put(appointmentType, {
        title: `Meeting ${n} ${year}`,
        from_date: day,
        end_date: day,
        targetables: about,
      });
    }
    return { account: account.id, contact: contact.id, deals: deals.map(({ id }) => id) };
  });
  return { ...world, made };
}

const DUE = '2030-01-01T00:00:00Z';

export const VIEWS = { contacts: '31003548176', sales_accounts: '31003548200', deals: '31003548204' } as const;

/** A page of a view, as it is asked of Freshsales. */
export const page = (path: keyof typeof VIEWS, include: string, perPage = 25): string =>
  `GET /${path}/view/${VIEWS[path]}?page=1&per_page=${perPage}${include === '' ? '' : `&include=${include}`}`;

export const search = (one: string, include = '', number = 1): string =>
  `POST /filtered_search/${one}?page=${number}&per_page=100${include === '' ? '' : `&include=${include}`}`;

/** What is honoured by records themselves only, neither by views nor by searches. */
export const onRecordsOnly =
  (...includes: readonly string[]) =>
  (endpoint: string, include: string): boolean | undefined =>
    includes.includes(include) && (endpoint.includes('/view/') || endpoint.startsWith('POST ')) ? false : undefined;

export const NEW = { 'cache-control': 'no-cache' };
