import { type GraphQLSchema, isObjectType } from 'graphql';
import { LRUCache } from 'lru-cache';
import { digestOf, type Grants } from './grant.ts';
import { grantedSchema } from './granted-schema.ts';
import { createPermissions, type Permissions } from './permissions.ts';

/** The permissions of a set of grants, and the schema they allow. Shared by callers with equal grants. */
export interface Policy extends Permissions {
  /** The part of the schema that the grants allow. */
  readonly schema: GraphQLSchema;
}

/** Creates policies and caches them. */
export interface Policies {
  for(grants: Grants): Policy;
  /** The policy that a granted schema belongs to. */
  ofSchema(schema: GraphQLSchema): Policy | undefined;
}

export function createPolicies(full: GraphQLSchema): Policies {
  const byGrants = new WeakMap<Grants, Policy>();
  const bySchema = new WeakMap<GraphQLSchema, Policy>();
  const byDigest = new LRUCache<string, Policy>({ max: MAX_POLICIES });
  const create = (grants: Grants): Policy => {
    const digest = digestOf(grants);
    const known = byDigest.get(digest);
    if (known) return known;
    const permissions = createPermissions(full, grants);
    const policy: Policy = { ...permissions, schema: grantedSchema(permissions) };
    byDigest.set(digest, policy);
    bySchema.set(policy.schema, policy);
    return policy;
  };
  return {
    for(grants) {
      const policy = byGrants.get(grants) ?? create(grants);
      byGrants.set(grants, policy);
      return policy;
    },
    ofSchema: (schema) => bySchema.get(schema),
  };
}

/** A callers file has a handful of distinct grants. The limit removes those of earlier versions of the file. */
const MAX_POLICIES = 200;

/** Field names of a GraphQL type, to check grants against. */
export const fieldsOfType =
  (schema: GraphQLSchema) =>
  (typeName: string): string[] => {
    const type = schema.getType(typeName);
    return isObjectType(type) ? Object.keys(type.getFields()) : [];
  };
