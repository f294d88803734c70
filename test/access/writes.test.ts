import { GraphQLBoolean, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, test } from 'vitest';
import { useAudit } from '../../src/access/audit/use-audit.ts';
import { toGrants } from '../../src/access/grant.ts';
import { grantedSchema } from '../../src/access/granted-schema.ts';
import { createPermissions } from '../../src/access/permissions.ts';
import { policyOf } from '../../src/access/policy.ts';
import { createSessionGuard } from '../../src/access/session-guard.ts';
import type { Session } from '../../src/freshsales/client.ts';
import type { Resource } from '../../src/freshsales/resource.ts';
import { ACTIONS, type Action, type WriteRequest } from '../../src/freshsales/writes.ts';
import { createAllowance, createUsageCounters } from '../../src/quota/allowance.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { schema } from '../../src/server/schema.ts';
import { createOnce } from '../../src/stores/once.ts';

const field = (write?: { type: string; action: Action }, resolve = () => true) => ({
  type: GraphQLBoolean,
  resolve,
  extensions: { freshsales: { ...(write && { write }) } },
});

const mutations = (fields: ConstructorParameters<typeof GraphQLObjectType>[0]['fields']) =>
  new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { ping: { type: new GraphQLNonNull(GraphQLString) } } }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields }),
  });

test('shows a mutation only to callers who may do what it declares, and hides one that declares nothing', () => {
  const full = mutations({
    ...Object.fromEntries(ACTIONS.map((action) => [action, field({ type: 'Deal', action })])),
    silent: field(),
    robot: field({ type: 'Robot', action: 'create' }),
  });
  const left = (access: 'read' | 'write' | 'full', more = {}) =>
    Object.keys(
      grantedSchema(
        createPermissions(full, toGrants({ deals: { access, hideCustomFields: [], withhold: [], ...more } })),
      )
        .getMutationType()
        ?.getFields() ?? {},
    );
  expect(left('read')).toEqual([]);
  expect(left('write')).toEqual(['create', 'update', 'upsert']);
  expect(left('full')).toEqual([...ACTIONS]);
  expect(left('full', { withhold: ['forget', 'bulkDelete'] })).toEqual(
    ACTIONS.filter((each) => each !== 'forget' && each !== 'bulkDelete'),
  );
  expect(left('full', { owner: '1' })).toEqual(['create', 'update', 'delete', 'forget']);
});

test('refuses writes that cannot be logged', async () => {
  const done: string[] = [];
  const full = mutations({ create: field({ type: 'Deal', action: 'create' }, () => done.push('create') > 0) });
  let ready = false;
  const log = { write: () => undefined, ready: () => ready, close: () => undefined };
  const caller = { name: 'Agent' } as never;
  const yoga = createYoga({
    schema: full,
    logging: false,
    context: { caller, auditTrail: { writes: [] }, budget: { spent: 0 }, ledger: { hour: { limit: 1, used: 0 } } },
    plugins: [useAudit({ log, requesterOf: () => undefined })],
  });
  const send = async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'mutation { create }' }),
    };
    return (await yoga.fetch('http://127.0.0.1/graphql', init)).json();
  };
  expect(await send()).toMatchObject({ errors: [{ extensions: { code: 'AUDIT_UNAVAILABLE' } }] });
  expect(done).toEqual([]);
  ready = true;
  expect(await send()).toEqual({ data: { create: true } });
});

test('checks the owner of a record before a write, and filters the response', async () => {
  const calls: string[] = [];
  const rows: Record<string, string> = { '1': '7', '2': '8' };
  const answer = { row: { id: '1', owner_id: '7', job_title: 'CTO', deal_ids: ['5'] } };
  const session = {
    product: 'suite',
    get: async (recordType: Resource, id: string, include: readonly string[]) => {
      calls.push(`get ${recordType.path}/${id} ${include.join(',')}`);
      return { row: { id, owner_id: rows[id] }, sideloads: {} };
    },
    recall: async () => false,
    write: async ({ method, path }: WriteRequest) => {
      calls.push(`${method} ${path}`);
      return { status: 200, body: {} };
    },
    toWritten: () => ({ ...answer, sideloads: { deals: [{ id: '5' }], users: [{ id: '7' }] } }),
  } as unknown as Session;
  const allowance = createAllowance({ priority: 'agent' }, createUsageCounters()('Agent'));
  const policy = policyOf(
    toGrants({ contacts: { access: 'write', owner: '7', hideCustomFields: [], withhold: [] } }),
    schema,
  );
  const guarded = createSessionGuard({ name: 'Agent', allowance }, policy).guard(session, createOnce());
  const put = (id: string) =>
    guarded.write({
      method: 'PUT',
      path: `contacts/${id}`,
      body: {},
      change: { action: 'update' },
    } as unknown as WriteRequest);
  const reply = await put('1');
  expect(guarded.toWritten(contactType, reply)).toEqual({
    row: { id: '1', owner_id: '7', job_title: 'CTO' },
    sideloads: {},
  });
  await expect(put('2')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(calls).toEqual(['get contacts/1 owner', 'PUT contacts/1', 'get contacts/2 owner']);
});
