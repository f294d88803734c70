export { createAccount } from './library/accounts.ts';
export { createServer, schema } from './library/server.ts';
export type {
  AccountOptions,
  AuditLog,
  Connect,
  Fetch,
  FreshsalesAccount,
  Limits,
  Log,
  Metrics,
  Product,
  Readiness,
  Server,
  ServerOptions,
} from './library/types.ts';
