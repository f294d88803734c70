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
  /** Callers with equal grants share a policy. */
  readonly byText: LRUCache<string, Policy>;
}

/** A callers file has a handful of distinct grants. The limit removes those of earlier versions of the file. */
const MAX_POLICIES = 200;

const byFullSchema = new WeakMap<GraphQLSchema, KnownPolicies>();
const byGrantedSchema = new WeakMap<GraphQLSchema, Policy>();

/** The policy of grants over the whole schema of an account. It is created once. */
export function policyOf(grants: Grants, full: GraphQLSchema): Policy {
  const known = byFullSchema.get(full) ?? { byGrants: new WeakMap(), byText: new LRUCache({ max: MAX_POLICIES }) };
  byFullSchema.set(full, known);
  const policy = known.byGrants.get(grants) ?? policyOfEqual(grants, full, known.byText);
  known.byGrants.set(grants, policy);
  return policy;
}

function policyOfEqual(grants: Grants, full: GraphQLSchema, byText: KnownPolicies['byText']): Policy {
  const text = JSON.stringify(KINDS.map((kind) => Object.entries(grants[kind]).sort()));
  const policy = byText.get(text) ?? createPolicy(createPermissions(full, grants));
  byText.set(text, policy);
  byGrantedSchema.set(policy.schema, policy);
  return policy;
}

const createPolicy = (permissions: Permissions): Policy => ({ ...permissions, schema: grantedSchema(permissions) });

/** The policy that a granted schema belongs to. */
export const policyOfSchema = (schema: GraphQLSchema): Policy | undefined => byGrantedSchema.get(schema);
