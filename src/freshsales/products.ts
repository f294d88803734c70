/** Suite is the current product. Classic is the older one, which has leads. */
export type Product = 'suite' | 'classic';

/** The domain of an account, with or without a scheme and the path of the API. */
export const DOMAIN = /^(?:https?:\/\/)?([\w-]+(?:\.[\w-]+)+)(?:\/crm\/sales)?(?:\/api)?\/*$/i;

/** The API root at a domain. Suite has it under /crm/sales, Classic at the root. Undefined if it is not a domain. */
export function apiRootAt(domain: string, product: Product | undefined): string | undefined {
  const [, host] = DOMAIN.exec(domain) ?? [];
  if (host === undefined) return undefined;
  const base = `https://${host.toLowerCase()}`;
  return (product ?? productAt(base)) === 'classic' ? `${base}/api` : `${base}/crm/sales/api`;
}

/** The product of the account at a URL. */
export const productAt = (url: string): Product =>
  /(^|\.)freshsales\.io$/i.test(new URL(url).hostname) ? 'classic' : 'suite';

/** Every part of a table, or its columns and includes by their names on the wire. */
type Parts = 'all' | readonly string[];

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * The parts that only one product has, by record type or lookup (FACTS 10 and 19, QUIRKS 65). Both have all the rest, or it is not known:
 * what a product merely did not send in a recording is not listed.
 */
const ONLY_IN: Readonly<Record<Product, Readonly<Record<string, Parts>>>> = {
  suite: {
    LifecycleStage: 'all',
    ContactStatus: ['lifecycle_stage_id'],
    Contact: names(`
      lifecycle_stage lifecycle_stage_id mcr_id system_tags
      subscription_status subscription_types unsubscription_reason other_unsubscription_reason
      whatsapp_subscription_status sms_subscription_status
      first_campaign first_medium first_source last_campaign last_medium last_source
      latest_campaign latest_medium latest_source
    `),
  },
  classic: {
    Lead: 'all',
    LeadStage: 'all',
    LeadReason: 'all',
    Contact: names('do_not_disturb has_authority department lead_quality email_status last_contacted_via_chat'),
  },
};

const OTHER: Readonly<Record<Product, Product>> = { suite: 'classic', classic: 'suite' };

/** The product that has the record type or lookup, if only one does. */
export const onlyProductOf = (table: string): Product | undefined =>
  (['suite', 'classic'] as const).find((product) => ONLY_IN[product][table] === 'all');

/** The columns and includes of a record type that only this product has. */
export function columnsOnlyIn(product: Product, table: string): readonly string[] {
  const parts = ONLY_IN[product][table] ?? [];
  return parts === 'all' ? [] : parts;
}

/** True if the product does not have the record type or lookup, or one of these columns and includes of it. */
export function isMissingIn(product: Product, table: string, parts: readonly string[] = []): boolean {
  const missing = ONLY_IN[OTHER[product]][table];
  return missing === 'all' || parts.some((part) => missing?.includes(part));
}

const TITLES: Readonly<Record<Product, string>> = { suite: 'the Freshsales Suite', classic: 'Freshsales Classic' };

const LEADS = /^Lead($|Stage|Reason)/;

/** The reason why something cannot be read or written, for the caller. `what`: its name in GraphQL. */
export const missingMessage = (product: Product, table: string, what: string): string =>
  product === 'suite' && LEADS.test(table)
    ? 'Leads exist in Freshsales Classic only. In the Suite, a lead is a contact in the lifecycle stage Lead.'
    : `${what} does not exist in ${TITLES[product]}. Omit it.`;
