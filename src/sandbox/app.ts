import { Hono } from 'hono';
import type { Account, Routes } from './account.ts';
import { noSuchRoute } from './answers.ts';
import { bulkRoutes } from './routes/bulk.ts';
import { contactListRoutes } from './routes/contact-lists.ts';
import { cpqDocumentRoutes } from './routes/cpq-documents.ts';
import { fileRoutes } from './routes/files.ts';
import { filteredSearchRoutes } from './routes/filtered-search.ts';
import { lookupRoutes } from './routes/lookups.ts';
import { phoneCallRoutes } from './routes/phone-calls.ts';
import { recordWriteRoutes } from './routes/record-writes.ts';
import { recordRoutes } from './routes/records.ts';
import { relatedRoutes } from './routes/related.ts';
import { searchRoutes } from './routes/search.ts';
import { settingsRoutes } from './routes/settings.ts';

/** The routes that record types define themselves. */
const ownRoutes: Routes = (api, ui, account) => {
  for (const { routes, only = account.product } of account.types.sandboxes)
    if (only === account.product) routes?.(api, ui, account);
};

const ROUTES: readonly Routes[] = [
  filteredSearchRoutes,
  searchRoutes,
  settingsRoutes,
  lookupRoutes,
  relatedRoutes,
  ownRoutes,
  recordRoutes,
  // Before the routes with an id in the same place.
  bulkRoutes,
  contactListRoutes,
  recordWriteRoutes,
  cpqDocumentRoutes,
  fileRoutes,
  phoneCallRoutes,
];

/** Reads that Classic answers without `/api` as well. */
const CLASSIC_WITHOUT_API = /^\/(contacts|sales_accounts|deals|leads)\/(filters(\/\d+)?|view\/\d+|\d+(\/activities)?)$/;

/** All routes of an account. */
export function createApp(account: Account): Hono {
  // Rails accepts `.json` at the end of any path.
  const getPath = (request: Request): string => {
    const path = new URL(request.url).pathname.replace(/(\.json|\/)$/, '') || '/';
    const isBare = account.product === 'classic' && request.method === 'GET' && CLASSIC_WITHOUT_API.test(path);
    return isBare ? `${account.uiBase}/api${path}` : path;
  };
  const app = new Hono({ getPath });
  const [api, ui] = [app.basePath(`${account.uiBase}/api`), app.basePath(account.uiBase || '/')];
  for (const add of ROUTES) add(api, ui, account);
  app.notFound(() => noSuchRoute());
  return app;
}
