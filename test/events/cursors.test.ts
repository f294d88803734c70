import { describe, expect, test } from 'vitest';
import type { RecordChange } from '../../src/records/changes.ts';
import { createMemoryLog } from '../../src/stores/memory/memory-store.ts';
import { openLive } from './live.ts';

describe('cursors', () => {
  const page = (args: string) =>
    `{ changes(${args}) { nodes { recordId } pageInfo { hasNextPage endCursor startCursor } } }`;
  type Page = { nodes: { recordId: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };

  async function filled(log = createMemoryLog<RecordChange>()) {
    const live = openLive({ log });
    for (let id = 1; id <= 5; id += 1) await live.hook('/deal/updated', { id });
    const read = async (args: string) => (await live.ask(page(args))).data.changes as Page;
    return { ...live, read };
  }

  test('page over the feed, each change once', async () => {
    const { read } = await filled();
    const seen: string[] = [];
    let [after, hasNextPage] = ['', true];
    while (hasNextPage) {
      const { nodes, pageInfo } = await read(`first: 2${after && `, after: "${after}"`}`);
      seen.push(...nodes.map(({ recordId }) => recordId.replace(/^.*\//, '')));
      ({ endCursor: after, hasNextPage } = pageInfo);
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5']);
    expect(await read(`after: "${after}"`)).toMatchObject({
      nodes: [],
      pageInfo: { endCursor: after, hasNextPage: false },
    });
  });

  test('of now come with first: 0', async () => {
    const { read, hook } = await filled();
    const { nodes, pageInfo } = await read('first: 0');
    expect(nodes).toEqual([]);
    await hook('/deal/updated', { id: 6 });
    expect((await read(`after: "${pageInfo.endCursor}"`)).nodes).toEqual([{ recordId: 'gid://freshsales/Deal/6' }]);
  });

  test('pass over changes of other types', async () => {
    const { read } = await filled();
    const { nodes, pageInfo } = await read('types: [CONTACT]');
    expect(nodes).toEqual([]);
    expect(await read(`after: "${pageInfo.endCursor}"`)).toMatchObject({ nodes: [] });
  });

  test('pass over thousands of changes of other types in a few reads', async () => {
    const log = createMemoryLog<RecordChange>();
    let reads = 0;
    const deals = Array.from({ length: 3000 }, (_, id) => ({ type: 'Deal', id: String(id + 1), action: 'updated' }));
    await log.append([...deals, { type: 'Task', id: '7', action: 'updated' }, ...deals] as never);
    const read: typeof log.read = (after, limit) => {
      reads += 1;
      return log.read(after, limit);
    };
    const { ask } = openLive({ log: { ...log, read } });
    const query = 'changes(first: 1, types: [TASK]) { nodes { recordId cursor } pageInfo { endCursor hasNextPage } }';
    const { data } = await ask(`{ ${query} }`);
    const { nodes, pageInfo } = data.changes as { nodes: { recordId: string; cursor: string }[]; pageInfo: object };
    expect(nodes.map(({ recordId }) => recordId)).toEqual(['gid://freshsales/Task/7']);
    expect(pageInfo).toEqual({ endCursor: nodes[0]?.cursor, hasNextPage: true });
    expect(reads).toBeLessThan(50);
    const deep = Array.from({ length: 3000 }, (_, id) => ({ type: 'Note', id: String(id + 1), action: 'updated' }));
    await log.append([...deep, ...deep] as never);
    reads = 0;
    const fields = Array.from(
      { length: 50 },
      (_, index) => `a${index}: changes(first: 1, types: [LEAD]) { nodes { recordId } }`,
    );
    expect((await ask(`{ ${fields.join(' ')} }`)).errors).toBeUndefined();
    // Each field looks at one batch, and all of them together at few more.
    expect(reads).toBeLessThan(400);
  });

  test.each(['', 'x', 'gid://freshsales/Deal/1', 'ZDhiNjcwZWUtNTA4OSAxIG13emp3Z21', 'x'.repeat(1000)])(
    'that are malformed are refused: %j',
    async (after) => {
      const { ask } = await filled();
      const { errors, requests } = await ask(page(`after: "${after}"`));
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(requests).toEqual([]);
    },
  );

  test('of another feed say from when to sync', async () => {
    const { read } = await filled();
    const { pageInfo } = await read('first: 1');
    const { ask } = await filled();
    const { errors } = await ask(page(`after: "${pageInfo.endCursor}"`));
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('another change feed'),
        extensions: { code: 'BAD_USER_INPUT', syncFrom: expect.stringMatching(/^20\d\d-.*Z$/) },
      },
    ]);
  });

  test('that have expired say from when to sync', async () => {
    const { read, ask, hook } = await filled(createMemoryLog<RecordChange>({ maxEntries: 5 }));
    const { pageInfo } = await read('first: 1');
    await hook('/deal/updated', { id: 6 });
    expect((await read(`after: "${pageInfo.endCursor}"`)).nodes).toHaveLength(5);
    await hook('/deal/updated', { id: 7 });
    const { errors } = await ask(page(`after: "${pageInfo.endCursor}"`));
    expect(errors).toMatchObject([
      { message: expect.stringContaining('has expired'), extensions: { syncFrom: expect.any(String) } },
    ]);
  });

  test.each([-1, 501, 1_000_000_000])('do not come with first: %i', async (first) => {
    const { ask } = await filled();
    expect((await ask(page(`first: ${first}`))).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
