import fc, { type Arbitrary } from 'fast-check';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { garbage, spoil } from '../spoil.ts';
import { awkward, edit, edits } from './cases.ts';
import { deepened, type Operation, parameters } from './operations.ts';

const TOOLS = ['schema', 'query', 'mutate', 'plan', 'recent', 'find', 'rate_limit', 'x'];

const initialize = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'fuzz', version: '1' },
};

const headers = fc.dictionary(
  fc.constantFrom('mcp-protocol-version', 'mcp-session-id', 'accept', 'last-event-id', 'mcp-method', 'mcp-name'),
  fc.oneof(
    fc.constantFrom('2025-06-18', '2026-01-01', '1', '', 'text/event-stream', 'application/json', 'query'),
    fc.string({ maxLength: 20 }),
  ),
  { maxKeys: 2 },
);

/** Messages that an MCP client may send, and others. */
export function message(sandbox: Sandbox): Arbitrary<Operation> {
  const args = fc.oneof(
    { weight: 4, arbitrary: parameters(sandbox) },
    fc.dictionary(
      fc.constantFrom('search', 'type', 'page', 'query', 'variables', 'preview', 'confirm', 'id'),
      fc.oneof(garbage, awkward),
    ),
    garbage,
  );
  const call = fc
    .record({ name: fc.oneof(fc.constantFrom(...TOOLS), awkward), arguments: args })
    .map((params) => request('tools/call', params));
  const other = fc
    .tuple(
      fc.oneof(
        fc.constantFrom('initialize', 'tools/list', 'ping', 'resources/list', 'notifications/initialized', 'x'),
        awkward,
      ),
      fc.oneof(fc.constantFrom<unknown>({}, undefined, initialize), garbage),
    )
    .map(([method, params]) => request(method, params));
  const wounds = fc.array(fc.tuple(fc.nat(100), fc.oneof(garbage, awkward)), { maxLength: 3 });
  const one = fc.oneof({ weight: 3, arbitrary: call }, other);
  const hurt = fc.tuple(one, wounds).map(([value, each]) => spoil(value, each));
  const text = fc.oneof(
    { weight: 4, arbitrary: one.map((value) => written(value)) },
    { weight: 3, arbitrary: hurt.map((value) => written(value)) },
    { weight: 1, arbitrary: fc.array(hurt, { maxLength: 20 }).map((values) => written(values)) },
    {
      weight: 1,
      arbitrary: fc.tuple(one, edits(awkward)).map(([value, changes]) => edit(written(value), changes)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('[', '{"a":'), fc.nat({ max: 100_000 }))
        .map(([open, depth]) => open.repeat(depth)),
    },
  );
  return fc.record({ body: text, headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, headers) });
}

const request = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });

const written = (value: unknown): string => deepened(JSON.stringify(value));
