import { type Config as FullConfig, readConfig as readFullConfig } from '../config/config.ts';
import { createReadiness } from '../observability/readiness.ts';
import { connectTo as connectFully } from '../server/connect.ts';
import { toAccount } from './admissions.ts';
import { countedBy } from './metrics.ts';
import type { AuditLog, AuditLogOptions, Config, Connection, Metrics } from './types.ts';

/**
 * Reads the variables of docs/configuration.md. Without `env`, from the environment and a `.env` file.
 *
 * @throws ConfigError if a variable is not valid.
 */
export const readConfig = (env?: Readonly<Record<string, string | undefined>>): Config =>
  readFullConfig(env && { ...env });

/** Connects to the configured accounts as the command does: callers, allowances, Redis, HTTPS_PROXY. */
export async function connectTo(config: Config, { metrics }: { readonly metrics?: Metrics } = {}): Promise<Connection> {
  // Made by readConfig, which says less of it to keep the declarations small.
  const connection = await connectFully(config as FullConfig, countedBy(metrics));
  return {
    connect: async (request) => {
      const admission = await connection.connect(request);
      return toAccount(admission.name ?? '', admission, () => {
        throw new TypeError('The configuration decides on the keys of this account.');
      });
    },
    ready: createReadiness({ ...connection, audit: undefined }),
    close: async () => {
      connection.callers?.close();
      await connection.close();
    },
  };
}

/**
 * Opens an audit log in files, as the command does: one per day, and a new one after 50 MB.
 *
 * @throws if the folder cannot be written.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog & { close(): void }> {
  const { openAuditLog: open } = await import('../access/audit/audit-log.ts');
  return open(options);
}
