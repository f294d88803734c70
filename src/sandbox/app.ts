import { Hono } from 'hono';
import type { Account } from './account.ts';
import { noSuchRoute } from './answers.ts';
import { activityRoutes } from './routes/activities.ts';
import { activityWriteRoutes } from './routes/activity-writes.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { cpqDocumentRoutes } from './routes/cpq-documents.ts';
import { fileRoutes } from './routes/files.ts';
import { filteredSearchRoutes } from './routes/filtered-search.ts';
import { formRoutes } from './routes/forms.ts';
import { leadRoutes } from './routes/leads.ts';
import { listRoutes } from './routes/lists.ts';
import { lookupRoutes } from './routes/lookups.ts';
import { phoneCallRoutes } from './routes/phone-calls.ts';
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
  // Before those with an id in their place.
  bulkRoutes,
  leadRoutes,
  listRoutes,
  recordWriteRoutes,
  activityWriteRoutes,
  cpqDocumentRoutes,
  fileRoutes,
  phoneCallRoutes,
  formRoutes,
];

/** All routes of an account. */
export function createApp(account: Account): Hono {
  // Rails takes `.json` at the end of any path.
  const getPath = (request: Request): string => new URL(request.url).pathname.replace(/(\.json|\/)$/, '') || '/';
  const [api, ui] = [new Hono(), new Hono()];
  for (const add of ROUTES) add(api, ui, account);
  const app = new Hono({ getPath });
  app.route(`${account.uiBase}/api`, api);
  app.route(account.uiBase || '/', ui);
  app.notFound(() => noSuchRoute());
  return app;
}
