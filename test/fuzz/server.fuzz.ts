import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { damage } from './answers.ts';
import { fuzz, SECONDS, SEED } from './cases.ts';
import { type Child, startChild } from './child.ts';
import { exchange, requestBytes } from './exchange.ts';
import { checkLeaks } from './leaks.ts';
import { message } from './messages.ts';
import { type Operation, operation, reads } from './operations.ts';
import { startUpstream, type Upstream } from './upstream.ts';

/** A whole request may take this long: fifty calls of 400 ms are the most that one may need. */
const LIMIT_MS = 20_000;

/** A server that serves holds about 200 MB. */
const MOST_MEMORY = 900;

const LONGEST_ANSWER = 20_000_000;

process.stdout.write(`Fuzzing for ${SECONDS} seconds. Replay with SEED=${SEED} npm run test:fuzz\n`);

const kinds = [
  ['open', false],
  ['with callers and an audit log', true],
] as const;

describe.each(kinds)('a server that is %s', (_kind, callers) => {
  let upstream: Upstream;
  let child: Child;
  const seconds = SECONDS / (kinds.length * 4);

  // Each test has an hour and a minute of calls of its own.
  beforeEach(async () => {
    upstream = await startUpstream();
    child = await startChild({ upstream: upstream.url, callers });
  }, 30_000);

  afterEach(async () => {
    await child?.stop();
    await upstream?.close();
  });

  const headersOf = (given: Record<string, string>) => ({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(child.token && { authorization: `Bearer ${child.token}` }),
    ...given,
  });

  /** Sends an operation, and throws where the answer is late, too long, or shows what it must not. */
  async function send(path: string, { body, headers }: Operation): Promise<void> {
    const init = { method: 'POST', headers: headersOf(headers), body, signal: AbortSignal.timeout(LIMIT_MS) };
    const response = await fetch(child.url.replace(/\/graphql$/, path), init);
    const text = await response.text();
    checkAnswer(text);
    if (response.status === 500) throw new Error(`Status 500: ${text.slice(0, 1000)}`);
  }

  function checkAnswer(text: string): void {
    if (text.length > LONGEST_ANSWER) throw new Error(`An answer of ${text.length} characters`);
    checkProcess();
    checkLeaks('The answer', text, upstream.url);
    checkLeaks('The log', child.news(), upstream.url);
  }

  function checkProcess(): void {
    if (!child.isUp()) throw new Error(`The process has ended: ${child.news().slice(-2000)}`);
    const memory = child.memory();
    if (memory > MOST_MEMORY) throw new Error(`The process holds ${Math.round(memory)} MB`);
  }

  /** It still serves, and wrote nothing down that must be in no log. */
  async function checkAfterwards(cases: number): Promise<void> {
    upstream.order([]);
    process.stdout.write(`${cases} cases, ${Math.round(child.memory())} MB\n`);
    expect(cases).toBeGreaterThan(5);
    const start = performance.now();
    await send('/graphql', { body: '{"query":"{ contacts(first: 1) { nodes { id } } }"}', headers: {} });
    expect(performance.now() - start).toBeLessThan(5000);
    checkLeaks('The audit log', child.audited(), upstream.url);
    expect(upstream.stolen).toEqual([]);
  }

  test('bytes on its socket', { timeout: 120_000 }, async () => {
    const input = fc.oneof(requestBytes(child.token), requestBytes(undefined));
    const check = async (bytes: Buffer) => {
      const { text, ms } = await exchange(child.port, bytes, 300);
      if (ms > LIMIT_MS) throw new Error(`An answer after ${Math.round(ms)} ms`);
      checkAnswer(text);
      if (/^HTTP\/1\.1 500/.test(text)) throw new Error(`Status 500: ${text.slice(0, 1000)}`);
    };
    await checkAfterwards(await fuzz({ input, seconds, lanes: 8, check }));
  });

  test('GraphQL documents and variables', { timeout: 120_000 }, async () => {
    const input = operation(upstream.sandbox);
    await checkAfterwards(await fuzz({ input, seconds, lanes: 2, check: (one) => send('/graphql', one) }));
  });

  test('MCP messages', { timeout: 120_000 }, async () => {
    const input = message(upstream.sandbox);
    await checkAfterwards(await fuzz({ input, seconds, lanes: 2, check: (one) => send('/mcp', one) }));
  });

  test('answers of Freshsales', { timeout: 120_000 }, async () => {
    const input = fc.record({
      operation: reads(upstream.sandbox),
      answers: fc.array(damage, { minLength: 1, maxLength: 4 }),
    });
    const check = async (one: { operation: Operation; answers: Parameters<Upstream['order']>[0] }) => {
      upstream.order(one.answers);
      await send('/graphql', one.operation);
    };
    await checkAfterwards(await fuzz({ input, seconds, check }));
  });
});
