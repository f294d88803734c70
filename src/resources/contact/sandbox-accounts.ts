import { type Account, type Columns, type Draft, objectsIn, type Step } from '../../sandbox/account.ts';
import { cellsOf, primaryAccountId } from '../../sandbox/cells.ts';
import { isAlive } from '../../sandbox/links.ts';
import type { Row } from '../../sandbox/store.ts';
import { wrongType } from '../../sandbox/writes/cast.ts';
import { objectsOf, rowOf } from '../../sandbox/writes/draft.ts';
import { salesAccountType } from '../sales-account/record.ts';

/** The sales accounts of a contact in the sandbox. */

/** Maximum number of accounts of a contact in the web interface. */
const MOST = 25;

/** `sales_accounts` replaces the accounts of a contact; `sales_account_id` only names the primary one. */
export const accountsStep: Step = (draft) => {
  const before = objectsIn(draft.before?.sales_accounts);
  const links = draft.sent('sales_accounts')
    ? replaced(draft)
    : draft.sent('sales_account_id')
      ? withFirst(draft, before)
      : undefined;
  if (!links) return;
  if (links.length > MOST) return draft.refuse(`A contact can't have more than ${MOST} accounts`);
  draft.set({ sales_accounts: links, sales_account_id: primaryAccountId({ id: '', sales_accounts: links }) });
};

/** The sent accounts with exactly one primary. */
function replaced(draft: Draft): Columns[] | undefined {
  const given = objectsOf(draft.given.sales_accounts ?? []);
  if (!given) {
    draft.refuse(wrongType('sales_accounts'));
    return undefined;
  }
  const links = given.map((item) => link(draft, item.id, item.is_primary === true));
  if (links.length > 0 && links.filter((one) => one?.is_primary).length !== 1)
    draft.refuse('Exactly one of the accounts must be the primary account');
  return links.filter((one) => one !== undefined);
}

/** The same accounts with another primary; null removes the primary account. */
function withFirst(draft: Draft, before: readonly Columns[]): Columns[] | undefined {
  const id = draft.given.sales_account_id;
  const primary = primaryAccountId({ id: '', sales_accounts: before });
  if (id === null || id === '')
    return before.filter((one) => one.id !== primary).map((one, index) => ({ ...one, is_primary: index === 0 }));
  const first = link(draft, id, true);
  if (!first) return undefined;
  const others = before.filter((one) => one.id !== first.id).map((one) => ({ ...one, is_primary: false }));
  return [first, ...others];
}

function link(draft: Draft, id: unknown, is_primary: boolean): Columns | undefined {
  const account = rowOf(draft.account, 'SalesAccount', id);
  if (!account) draft.refuse("Account doesn't exist");
  return account && { id: account.id, name: account.name, is_primary };
}

/** The accounts inside a contact. */
export function accountsIn(account: Account, contact: Row, { withType }: { withType: boolean }): Columns[] {
  const columns = ['id', ...(salesAccountType.sideloadColumns ?? [])];
  return objectsIn(contact.sales_accounts).flatMap((link) => {
    const row = account.store.of('SalesAccount').get(String(link.id));
    if (row && !isAlive(row)) return [];
    const cells = row ? cellsOf(account, 'SalesAccount', row, columns) : link;
    const type = withType && account.product === 'suite' ? { record_type_id: row?.record_type_id ?? null } : {};
    return [{ partial: true, ...cells, ...type, is_primary: link.is_primary === true }];
  });
}
