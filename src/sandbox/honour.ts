import type { RecordType } from '../freshsales/resource.ts';
import type { Account } from './account.ts';

/** Includes that somebody saw working on a view, and not only on a single record. */
const SEEN_ON_VIEWS: Readonly<Record<string, readonly string[]>> = {
  Contact: ['sales_accounts', 'owner', 'appointments', 'contact_status'],
  SalesAccount: ['owner', 'industry_type', 'appointments'],
  Deal: [
    'owner deal_reason deal_type deal_payment_status creater updater sales_activities source territory deal_stage',
    'currency sales_account appointments',
  ].flatMap((line) => line.split(' ')),
  Lead: ['owner', 'lead_stage', 'appointments'],
};

/** Whether an endpoint takes an include of a record type that has no descriptor. */
export function honoursHere({ behaviours }: Account, endpoint: string, include: string): boolean {
  return behaviours.honourIncludes(endpoint, include) ?? (behaviours.writesHonourIncludes || isRead(endpoint));
}

/** Whether an endpoint takes an include. Freshsales ignores those it does not take. */
function honours(account: Account, recordType: RecordType, endpoint: string, include: string): boolean {
  const { behaviours, product } = account;
  const said = behaviours.honourIncludes(endpoint, include);
  if (said !== undefined) return said;
  if (!behaviours.writesHonourIncludes && !isRead(endpoint)) return false;
  if (recordType.name === 'SalesAccount' && include === 'notes') return behaviours.accountNotesInclude;
  if (product === 'classic' && include === 'lifecycle_stage') return false;
  const narrow = behaviours.viewsHonour === 'evidence' && endpoint.includes('/view/');
  return !narrow || (SEEN_ON_VIEWS[recordType.name]?.includes(include) ?? false);
}

const isRead = (endpoint: string): boolean => /^GET |^POST \/filtered_search\//.test(endpoint);

/** The includes of a comma list that will be honoured, each once, in the order asked. */
export const honoured = (
  account: Account,
  recordType: RecordType,
  endpoint: string,
  asked: string,
): readonly string[] =>
  [...new Set(asked.split(',').map((name) => name.trim()))].filter(
    (name) => Object.hasOwn(recordType.includes, name) && honours(account, recordType, endpoint, name),
  );
