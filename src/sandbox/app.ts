import { Hono } from 'hono';
import type { Account } from './account.ts';
import { noSuchRoute, refuse } from './answers.ts';
import { coverageOf } from './coverage.ts';
import { activityRoutes } from './routes/activities.ts';
import { activityWriteRoutes } from './routes/activity-writes.ts';
import { filteredSearchRoutes } from './routes/filtered-search.ts';
import { lookupRoutes } from './routes/lookups.ts';
import { productRoutes } from './routes/products.ts';
import { recordWriteRoutes } from './routes/record-writes.ts';
import { recordRoutes } from './routes/records.ts';
import { relatedRoutes } from './routes/related.ts';
import { searchRoutes } from './routes/search.ts';
import { settingsRoutes } from './routes/settings.ts';

/** Adds the routes of one subject; `api` is below the API root, `ui` beside it. */
export type Routes = (api: Hono, ui: Hono, account: Account) => void;

const ROUTES: readonly Routes[] = [
  filteredSearchRoutes,
  searchRoutes,
  settingsRoutes,
  lookupRoutes,
  relatedRoutes,
  activityRoutes,
  productRoutes,
  recordRoutes,
  recordWriteRoutes,
  activityWriteRoutes,
];

/** All routes of an account. */
export function createApp(account: Account): Hono {
  // Rails takes `.json` at the end of any path.
  const getPath = (request: Request): string => new URL(request.url).pathname.replace(/(\.json|\/)$/, '') || '/';
  const [api, ui] = [new Hono(), new Hono()];
  addPlanned(api, ui, account);
  for (const add of ROUTES) add(api, ui, account);
  const app = new Hono({ getPath });
  app.route(`${account.uiBase}/api`, api);
  app.route(account.uiBase || '/', ui);
  app.notFound(() => noSuchRoute());
  return app;
}

/** Known endpoints that the sandbox does not answer yet say so. */
function addPlanned(api: Hono, ui: Hono, { product }: Account): void {
  for (const { method, path, status } of coverageOf(product)) {
    if (status === 'supported') continue;
    const router = path.startsWith('../') ? ui : api;
    const pattern = path.replace(/^\.\./, '').replaceAll(/\{(\w+)\}/g, ':$1');
    router.on(method, pattern, () => refuse(501, `The sandbox does not do ${method} ${path} yet.`));
  }
}
