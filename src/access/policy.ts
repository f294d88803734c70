import { type GraphQLSchema, isObjectType } from 'graphql';
import { LRUCache } from 'lru-cache';
import { visibleColumns } from './columns.ts';
import { digestOf, type Grants } from './grant.ts';
import { grantedSchema } from './granted-schema.ts';
import { KINDS, type Kind } from './kind.ts';

/** What grants come to, worked out once for everybody who has the same. */
export interface Policy {
  readonly grants: Grants;
  /** Everything there is, for telling what is denied from what does not exist. */
  readonly full: GraphQLSchema;
  /** What may be used of it. */
  readonly schema: GraphQLSchema;
  /** The wire columns that may be seen, where they are narrowed. */
  readonly columns: ReadonlyMap<Kind, ReadonlySet<string> | undefined>;
}

/** Works policies out, and remembers them as long as somebody has such grants. */
export interface Policies {
  for(grants: Grants): Policy;
  /** The policy that a schema is the schema of. */
  ofSchema(schema: GraphQLSchema): Policy | undefined;
}

export function createPolicies(full: GraphQLSchema): Policies {
  const byGrants = new WeakMap<Grants, Policy>();
  const bySchema = new WeakMap<GraphQLSchema, Policy>();
  const byDigest = new LRUCache<string, Policy>({ max: MAX_POLICIES });
  const workOut = (grants: Grants): Policy => {
    const digest = digestOf(grants);
    const known = byDigest.get(digest);
    if (known) return known;
    const columns = new Map(KINDS.map((kind) => [kind, visibleColumns(full, grants, kind)]));
    const policy: Policy = { grants, full, schema: grantedSchema(full, grants), columns };
    byDigest.set(digest, policy);
    bySchema.set(policy.schema, policy);
    return policy;
  };
  return {
    for(grants) {
      const policy = byGrants.get(grants) ?? workOut(grants);
      byGrants.set(grants, policy);
      return policy;
    },
    ofSchema: (schema) => bySchema.get(schema),
  };
}

/** A file has a handful of distinct grants; those of files before it go in time. */
const MAX_POLICIES = 200;

/** The names of a type's fields, for whoever writes grants. */
export const fieldsOfType =
  (schema: GraphQLSchema) =>
  (typeName: string): string[] => {
    const type = schema.getType(typeName);
    return isObjectType(type) ? Object.keys(type.getFields()) : [];
  };
