export { ConfigError } from './config/config-error.ts';
export { createAccount } from './library/accounts.ts';
export { connectTo, openAuditLog, readConfig } from './library/connection.ts';
export { createMetrics } from './library/metrics.ts';
export {
  type Behaviours,
  createSandbox,
  type FailedAnswer,
  type Row,
  type Sandbox,
  type SandboxOptions,
} from './library/sandbox.ts';
export { createServer, schema } from './library/server.ts';
export type {
  AccountOptions,
  AuditLog,
  AuditLogOptions,
  Config,
  Connect,
  Connection,
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
