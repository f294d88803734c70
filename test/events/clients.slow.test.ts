import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { contactType } from '../../src/resources/contact/record.ts';
import { listen } from './live.ts';

const root = join(import.meta.dirname, '../..');

/** The code under a heading of the page. */
function codeOf(heading: string): string {
  const [, section = ''] = readFileSync(join(root, 'docs/live.md'), 'utf8').split(`\n### ${heading}\n`);
  return /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
}

/** Runs a documented client in a process of its own, as some clients never end. Its code runs as it stands, but for the address. */
async function open(code: string) {
  const live = await listen();
  const text = code.replaceAll('https://crm-api.example.com/graphql', `http://127.0.0.1:${live.port}/graphql`);
  // Packages are found from here.
  const folder = mkdtempSync(join(root, 'node_modules/.clients-'));
  const file = join(folder, 'client.mjs');
  writeFileSync(
    file,
    `console.log = (value) => process.send(value);\n${(await transform(text, { loader: 'ts' })).code}`,
  );
  const client = fork(file, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  onTestFinished(() => {
    client.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const shown: Shown[] = [];
  client.on('message', (change: Shown) => shown.push(change));
  return { ...live, shown };
}

interface Shown {
  readonly recordId: string;
  readonly record?: object;
}

const CLIENT = codeOf('graphql-sse').replace(/^for await.*$/m, '');
const SUBSCRIPTION = 'subscription Changes { changes { cursor recordId record { ... on Contact { id jobTitle } } } }';

test('graphql-sse follows changes, and resumes where its connection broke', async () => {
  const live = await open(codeOf('graphql-sse'));
  const ids = () => live.shown.map(({ recordId }) => recordId.replace(/^.*\//, ''));
  let last = 0;
  const more = async () => {
    last += 1;
    await live.hook('/deal/updated', { id: last });
    return ids().at(-1);
  };
  await expect.poll(more, { timeout: 10_000 }).toBeDefined();
  await expect.poll(ids).toContain(String(last));
  const [first = ''] = ids();
  live.closeConnections();
  for (let count = 0; count < 5; count += 1) await more();
  const all = Array.from({ length: last - Number(first) + 1 }, (_each, index) => String(Number(first) + index));
  await expect.poll(ids, { timeout: 10_000 }).toEqual(all);
});

test.each([
  [
    'Apollo Client',
    `import { gql } from '@apollo/client';
    apollo.subscribe({ query: gql\`${SUBSCRIPTION}\` }).subscribe(({ data }) => console.log(data.changes));`,
  ],
  [
    'urql',
    `urql.subscription(${JSON.stringify(SUBSCRIPTION)}, {}).subscribe(({ data }) => console.log(data.changes));`,
  ],
  [
    'Relay',
    `const params = { name: 'Changes', text: ${JSON.stringify(SUBSCRIPTION)}, operationKind: 'subscription', metadata: {} };
    relay.getNetwork().execute(params, {}, {}).subscribe({ next: ({ data }) => console.log(data.changes) });`,
  ],
])('%s delivers changes with their records', async (name, use) => {
  const live = await open(`const fetchQuery = undefined;\n${codeOf(name)}\n${CLIENT}\n${use}`);
  const contacts = live.sandbox.rows(contactType);
  let count = 0;
  const more = async () => {
    await live.hook('/contact/updated', { id: contacts[count]?.id });
    count += 1;
    return live.shown[0];
  };
  await expect.poll(more, { timeout: 10_000 }).toBeDefined();
  const [change] = live.shown;
  const contact = contacts.find(({ id }) => change?.recordId.endsWith(`/${id}`));
  expect(change?.record).toMatchObject({ id: change?.recordId, jobTitle: contact?.job_title });
});
