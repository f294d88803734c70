import type { GraphQLSchema } from 'graphql';
import { readCall } from '../records/capabilities.ts';
import type { Args, Charge, Pricing } from '../records/field-needs.ts';
import { mentionsIn } from './refers-to.ts';

/** Says in a caller's schema of which types the caller may see one owner's records only. */
export const ownedExtensions = (types: readonly string[]) => ({ freshsales: { owned: types } });

const ownedTypes = ({ extensions }: GraphQLSchema): readonly string[] =>
  (extensions.freshsales as { owned?: readonly string[] } | undefined)?.owned ?? [];

const WHEN = 'only where it is not known yet whose record it is';

/** A contact has at most so many accounts (QUIRKS 47). */
const MAX_ACCOUNTS = 25;

/** Reads by which it is found out whose the records are that a mutation names. */
export function proofCharges(args: Args, { schema, selection, registry }: Pricing): Charge[] {
  const owned = ownedTypes(schema);
  if (owned.length === 0) return [];
  const mentions = mentionsIn(schema, selection.name, args).filter(({ types }) =>
    types.some((type) => owned.includes(type)),
  );
  const distinct = new Set(mentions.map(({ types, id }) => `${types.join()} ${id}`));
  const [type = ''] = mentions[0]?.types.filter((each) => owned.includes(each)) ?? [];
  const recordType = registry.recordType(type);
  const call = recordType ? readCall(recordType) : 'GET /{records}/{id}';
  const proofs: Charge[] = distinct.size > 0 ? [{ calls: distinct.size, needs: 0, call, when: WHEN }] : [];
  const isReplacing = selection.name === 'updateContact' && owned.includes('SalesAccount') && hasAccounts(args.input);
  return isReplacing
    ? [...proofs, { calls: 1, call: 'GET /contacts/{id}' }, { calls: MAX_ACCOUNTS, needs: 0, call, when: WHEN }]
    : proofs;
}

const hasAccounts = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'salesAccounts' in input && Array.isArray(input.salesAccounts);
