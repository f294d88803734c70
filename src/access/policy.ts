import { createHash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Grants, KINDS } from './grant.ts';
import { grantedSchema } from './granted-schema.ts';
import { createPermissions, type Permissions } from './permissions.ts';

/** The permissions of a set of grants, and the schema they allow. Shared by callers with equal grants. */
export interface Policy extends Permissions {
  /** The part of the schema that the grants allow. */
  readonly schema: GraphQLSchema;
}

/** Policies over one schema. */
interface KnownPolicies {
  readonly byGrants: WeakMap<Grants, Policy>;
  readonly byDigest: LRUCache<string, Policy>;
}

/** A callers file has a handful of distinct grants. The limit removes those of earlier versions of the file. */
const MAX_POLICIES = 200;

const byFullSchema = new WeakMap<GraphQLSchema, KnownPolicies>();
const byGrantedSchema = new WeakMap<GraphQLSchema, Policy>();

/** The policy of grants over the whole schema of an account. It is created once. */
export function policyOf(grants: Grants, full: GraphQLSchema): Policy {
  const known = byFullSchema.get(full) ?? { byGrants: new WeakMap(), byDigest: new LRUCache({ max: MAX_POLICIES }) };
  byFullSchema.set(full, known);
  const policy = known.byGrants.get(grants) ?? policyOfEqual(grants, full, known.byDigest);
  known.byGrants.set(grants, policy);
  return policy;
}

function policyOfEqual(grants: Grants, full: GraphQLSchema, byDigest: KnownPolicies['byDigest']): Policy {
  const digest = digestOf(grants);
  const known = byDigest.get(digest);
  if (known) return known;
  const permissions = createPermissions(full, grants);
  const policy: Policy = { ...permissions, schema: grantedSchema(permissions) };
  byDigest.set(digest, policy);
  byGrantedSchema.set(policy.schema, policy);
  return policy;
}

/** Equal grants have equal digests. */
const digestOf = (grants: Grants): string =>
  createHash('sha256')
    .update(JSON.stringify(KINDS.map((kind) => Object.entries(grants[kind]).sort())))
    .digest('hex');

/** The policy that a granted schema belongs to. */
export const policyOfSchema = (schema: GraphQLSchema): Policy | undefined => byGrantedSchema.get(schema);
