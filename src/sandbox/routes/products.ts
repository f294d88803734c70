import type { Hono } from 'hono';
import { productType } from '../../resources/product/record.ts';
import type { Account } from '../account.ts';
import { answer, noSuchRoute, notFound } from '../answers.ts';
import { isAlive } from '../links.ts';
import { queryOf } from '../paging.ts';
import { render } from '../render.ts';

/** Products, one by one: there is no list of them. */
export function productRoutes(api: Hono, _ui: Hono, account: Account): void {
  const { path, one, name } = productType;
  api.get(`/${path}`, () => noSuchRoute());
  api.get(`/${path}/:id`, (c) => {
    const row = account.store.of(name).get(c.req.param('id'));
    if (!row || !isAlive(row)) return notFound(one);
    const { include } = queryOf(c.req.url);
    const { side, records } = render(account, productType, [row], { endpoint: `GET /${path}/{id}`, include });
    return answer({ ...side, [one]: records[0] });
  });
}
