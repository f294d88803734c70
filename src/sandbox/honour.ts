import type { Resource } from '../freshsales/resource.ts';
import type { Account } from './account.ts';

/** True if an endpoint honours an include of a record type without rules of its own. */
export function honoursHere({ behaviours }: Account, endpoint: string, include: string): boolean {
  return behaviours.honourIncludes(endpoint, include) ?? (behaviours.writesHonourIncludes || isRead(endpoint));
}

/** True if an endpoint honours an include. Freshsales ignores others. */
function honours(account: Account, recordType: Resource, endpoint: string, include: string): boolean {
  const { behaviours, product, types } = account;
  const sandbox = types.of(recordType.name);
  const said = behaviours.honourIncludes(endpoint, include);
  if (said !== undefined) return said;
  if (!behaviours.writesHonourIncludes && !isRead(endpoint)) return false;
  const own = sandbox?.honours?.(account, include);
  if (own !== undefined) return own;
  if (product === 'classic' && include === 'lifecycle_stage') return false;
  const narrow = behaviours.viewsHonour === 'evidence' && endpoint.includes('/view/');
  return !narrow || (sandbox?.seenOnViews?.includes(include) ?? false);
}

const isRead = (endpoint: string): boolean => /^GET |^POST \/filtered_search\//.test(endpoint);

/** The honoured includes of a comma-separated list, without duplicates, in order. */
export const honoured = (account: Account, recordType: Resource, endpoint: string, asked: string): readonly string[] =>
  [...new Set(asked.split(',').map((name) => name.trim()))].filter(
    (name) => Object.hasOwn(recordType.includes, name) && honours(account, recordType, endpoint, name),
  );
