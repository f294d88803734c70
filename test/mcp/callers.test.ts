import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, test } from 'vitest';
import { openOffice } from '../access/office.ts';
import { hostileDocuments, REFUSALS } from '../hostile-documents.ts';
import { ask, call } from './listen.ts';

/** Callers, and a real client for each of them, through the server's own fetch. */
async function openAgency(callers: Record<string, string>) {
  const office = await openOffice(callers);
  const connect = async (token: string | undefined) => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const fetch: typeof globalThis.fetch = async (input, init) => office.yoga.fetch(new Request(input, init));
    await client.connect(
      new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), { requestInit: { headers }, fetch }),
    );
    return client;
  };
  return { ...office, connect };
}

describe('an agent as a caller', () => {
  test('sees only its own tools and part of the schema', async () => {
    const { connect, tokens } = await openAgency({
      Reader: 'grants: { contacts: read }',
      Seller: 'grants: { contacts: read, deals: write }',
      Boss: 'grants: { contacts: full, deals: full }',
    });
    const toolsOf = async (name: string) => {
      const { tools } = await (await connect(tokens[name])).listTools();
      return tools.map((tool) => tool.name);
    };
    const reading = ['schema', 'query', 'plan', 'quota', 'views'];
    expect(await toolsOf('Reader')).toEqual(reading);
    expect(await toolsOf('Seller')).toEqual([...reading, 'mutate']);
    expect(await toolsOf('Boss')).toEqual([...reading, 'mutate', 'delete']);

    const reader = await connect(tokens.Reader);
    const all = (await call(reader, 'schema')).text;
    expect(all).toMatch(/\bcontacts\b/);
    expect(all).not.toMatch(/deal|mutations/i);
    expect((await call(reader, 'schema', { search: 'deal' })).text).not.toMatch(/\bDeal\b/);
    expect(await call(reader, 'views', { type: 'Deal' })).toMatchObject({ isError: true });
  });

  test('is refused with the missing grant only, without a call, and is logged', async () => {
    const { connect, tokens, sandbox, audited } = await openAgency({ Reader: 'grants: { contacts: read }' });
    const reader = await connect(tokens.Reader);
    const answer = await ask(reader, 'query', { query: '{ deals { nodes { name } } }' });
    expect(answer).toMatchObject({
      isError: true,
      errors: [
        {
          code: 'FORBIDDEN',
          message: expect.stringContaining('deals: read'),
          next: expect.stringContaining('will not help'),
        },
      ],
    });
    expect(sandbox.requests).toEqual([]);
    expect(audited()).toMatchObject([{ caller: 'Reader', decision: 'denied' }]);
  });

  test('reads under its own name, and sees its own allowance', async () => {
    const { connect, tokens, audited } = await openAgency({
      Reader: 'grants: { contacts: read }\nallowance: { callsPerHour: 3 }',
    });
    const reader = await connect(tokens.Reader);
    expect(await ask(reader, 'query', { query: '{ contacts(first: 1) { nodes { firstName } } }' })).toMatchObject({
      isError: false,
    });
    expect(await ask(reader, 'quota')).toMatchObject({
      data: { viewer: { name: 'Reader', allowance: { callsPerHour: 3, used: 2, remaining: 1 } } },
    });
    const more = '{ contacts(first: 1) { nodes { activities { type } } } contactLists { name } }';
    expect(await ask(reader, 'query', { query: more })).toMatchObject({ isError: true });
    expect(audited().slice(0, 2)).toMatchObject([
      { caller: 'Reader', decision: 'allowed', calls: 2 },
      { caller: 'Reader', decision: 'allowed', calls: 0 },
    ]);
  });

  test('previews a delete that requires confirmation, and deletes with the token', async () => {
    const { connect, tokens, sandbox } = await openAgency({ Boss: 'grants: { contacts: full }\nconfirm: [delete]' });
    const boss = await connect(tokens.Boss);
    const query = 'mutation { deleteContact(id: 31016359002) { deletedContactId } }';
    const first = await ask(boss, 'delete', { query });
    expect(first).toMatchObject({
      isError: true,
      errors: [{ code: 'CONFIRMATION_REQUIRED', confirmationToken: expect.any(String), next: expect.any(String) }],
    });
    expect(JSON.stringify(first)).toContain('Threefold Employed');
    const { confirmationToken } = (first as unknown as { errors: { confirmationToken: string }[] }).errors[0] ?? {};
    expect(await ask(boss, 'delete', { query, confirmationToken })).toMatchObject({ isError: false });
    expect(sandbox.requests).toEqual(['GET /contacts/31016359002', 'DELETE /contacts/31016359002']);
  });

  test('is refused at the first message if unknown, and is logged', async () => {
    const { connect, audited } = await openAgency({ Reader: 'grants: { contacts: read }' });
    await expect(connect(undefined)).rejects.toThrow();
    await expect(connect('guessed')).rejects.toThrow();
    expect(audited()).toMatchObject([
      { caller: null, decision: 'denied' },
      { caller: null, decision: 'denied' },
    ]);
  });
});

test.each(['query', 'mutate', 'delete', 'plan'])('%s refuses hostile documents at once', async (tool) => {
  const { connect, tokens, sandbox } = await openAgency({ Boss: 'grants: { contacts: full, deals: full }' });
  const boss = await connect(tokens.Boss);
  for (const [name, query] of Object.entries(hostileDocuments)) {
    const { isError, errors = [] } = await ask(boss, tool, { query });
    const codes = (errors as { code?: string }[]).map(({ code }) => code);
    expect({ name, isError }).toEqual({ name, isError: true });
    expect({ name, others: codes.filter((code) => ![...REFUSALS, 'FORBIDDEN'].includes(code)) }).toEqual({
      name,
      others: [],
    });
  }
  expect(sandbox.requests).toEqual([]);
});

test('is denied a withheld tool, and is logged', async () => {
  const { connect, tokens, audited } = await openAgency({ Reader: 'grants: { contacts: read }' });
  const reader = await connect(tokens.Reader);
  await reader.callTool({ name: 'delete', arguments: { query: 'mutation { __typename }' } }).catch(() => undefined);
  await reader.callTool({ name: 'schema', arguments: {} });
  await reader.callTool({ name: 'quota', arguments: {} });
  const sentences = audited().map(({ sentence }) => sentence.replace(/, [\d,]+ left/, ''));
  expect(audited()[0]).toMatchObject({ caller: 'Reader', decision: 'denied', codes: ['FORBIDDEN'] });
  expect(sentences).toEqual([
    'Reader (MCP tool delete) was denied delete: The grants of this caller do not include this tool. 0 calls.',
    expect.stringMatching(/^Reader \(MCP tool schema.*\) searched the schema\. 0 calls\.$/),
    expect.stringMatching(/^Reader \(MCP tool quota.*\) checked the quota and read its own grants\. 0 calls\.$/),
  ]);
});

test.each([
  ['a tool that there is not', 'drop', {}],
  ['arguments that the tool does not take', 'query', { query: 1 }],
])('a call of %s is written down', async (_what, name, args) => {
  const { connect, tokens, audited } = await openAgency({ Reader: 'grants: { contacts: read }' });
  const reader = await connect(tokens.Reader);
  await reader.callTool({ name, arguments: args }).catch(() => undefined);
  expect(audited()).toMatchObject([
    { caller: 'Reader', decision: 'invalid', codes: ['BAD_USER_INPUT'], mcp: { tool: name }, calls: 0 },
  ]);
});
