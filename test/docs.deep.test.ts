import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KNOWN_VARIABLES } from '../src/config/environment.ts';
import { registry } from '../src/resources/index.ts';
import { customFields } from '../src/sandbox/seed/custom-fields.ts';
import { typedSchema } from '../src/schema/custom-fields/typed-schema.ts';
import { schema } from '../src/server/schema.ts';
import { copyProject, listenForCommands, runShell } from './doc-shell.ts';
import { deepCases } from './property.ts';
import { listsOf } from './schema/field-lists.ts';
import { openWorld } from './world.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const guides = [...pagesIn('.').filter((page) => page !== 'CHANGELOG.md'), ...pagesIn('docs')];
const blocksIn = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, block = '']) => block);
const pages = [...pagesIn('.'), ...['docs', 'docs/decisions', 'docs/freshsales'].flatMap(pagesIn)];

/** With the custom fields of the sandbox. */
const typed = typedSchema(schema, listsOf(customFields), { registry, product: 'suite' });

describe('commands', () => {
  const servers: ChildProcess[] = [];
  const addresses: Record<string, string> = {};

  /** Starts a built server on a free port, and remembers it under the port that the pages use. */
  async function start(port: string, args: readonly string[]): Promise<void> {
    const env = { PATH: process.env.PATH ?? '', PORT: '0' };
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], { env, cwd: copyProject().folder });
    servers.push(child);
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error(output)));
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        const [, address] = /(127\.0\.0\.1:\d+)\//.exec(output) ?? [];
        if (address) addresses[`127.0.0.1:${port}`] = address;
        if (address) resolve();
      });
    });
  }

  let commands: Awaited<ReturnType<typeof listenForCommands>>;

  beforeAll(async () => {
    commands = await listenForCommands();
    await Promise.all([start('4000', ['serve']), start('4900', ['sandbox', '--port', '0'])]);
  });
  afterAll(() => {
    commands.close();
    for (const server of servers) server.kill();
  });

  /** The block with a key and the sandbox for the reader's account, and the ports of the servers of this test. */
  const runnable = (block: string): string =>
    block
      .replace(/127\.0\.0\.1:\d+/g, (documented) => addresses[documented] ?? documented)
      .replaceAll('--port 4900', '--port 0')
      .replaceAll('…', 'any')
      .replace(/FRESHSALES_DOMAIN=\S+/g, `FRESHSALES_URL=http://${addresses['127.0.0.1:4900']}/crm/sales/api`);

  const readmeFirst = ['README.md', ...guides.filter((page) => page !== 'README.md')];

  test.each(deepCases(readmeFirst, 1))(
    '%s has only commands that work in a copy of the project',
    { timeout: 120_000 },
    async (page) => {
      const { folder, bin } = copyProject();
      const path = `${bin}:${dirname(process.execPath)}:${process.env.PATH}`;
      const env = { PATH: path, HOME: folder, PORT: '0', COMMANDS: commands.path };
      for (const block of blocksIn(page, 'sh')) {
        const { status, output } = await runShell(runnable(block), folder, env);
        expect({ block, status }, output).toEqual({ block, status: 0 });
      }
    },
  );

  test('npx finds the built command in a clone, without a network', { timeout: 120_000 }, async () => {
    const { folder } = copyProject();
    const env = { PATH: process.env.PATH ?? '', HOME: folder, npm_config_registry: 'http://127.0.0.1:9' };
    const { version } = JSON.parse(read('package.json'));
    const { output } = await runShell('npx freshsales-graphql --version', folder, env);
    expect(output).toContain(version);
  });
});

describe('operations', () => {
  test.each(guides)('%s has only valid operations', (page) => {
    const problems = blocksIn(page, 'graphql').flatMap((block) => validate(typed, parse(block)));
    expect(problems.map(({ message }) => message)).toEqual([]);
  });

  test('the first query of the README makes the call that is shown below it', async () => {
    const { ask, sandbox } = openWorld();
    const [query = ''] = blocksIn('README.md', 'graphql');
    const [call = ''] = blocksIn('README.md', 'http');
    await ask(query);
    expect(sandbox.requests.filter((request) => !request.includes('/filters'))).toEqual([call.trim()]);
  });
});

test('the page about the configuration has every variable', () => {
  const page = read('docs/configuration.md');
  expect(KNOWN_VARIABLES.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

describe('links', () => {
  const toAnchor = (heading: string) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
  const anchorsOf = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => toAnchor(heading));
  const prose = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

  test.each(pages)('every link of %s leads somewhere', (page) => {
    const links = [...prose(read(page)).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test.each(pages)('every path in %s exists', (page) => {
    const paths = [...read(page).matchAll(/`((?:src|test|docs|examples|bench)\/[^`\s]*)`/g)].map(
      ([, path = '']) => path,
    );
    expect(paths.filter((path) => !/[<*…]/.test(path) && !existsSync(join(root, path)))).toEqual([]);
  });
});

test('each page about Freshsales has the sections and rows that code, tests and pages cite', () => {
  const sectionsOf = (name: string) => {
    let section = '';
    return read(`docs/freshsales/${name}.md`)
      .split('\n')
      .flatMap((line) => {
        const [, heading] = /^## (\d+)\./.exec(line) ?? [];
        const [, item] = /^(\d+)\. /.exec(line) ?? [];
        const [, row] = /^\| (\d+) \|/.exec(line) ?? [];
        section = heading ?? section;
        return [heading ?? row ?? (item && `${section}.${item}`) ?? ''];
      });
  };
  const known: Record<string, readonly string[]> = {
    FACTS: sectionsOf('facts'),
    QUIRKS: sectionsOf('quirks'),
    BATCHING: sectionsOf('batching'),
    WEBHOOKS: sectionsOf('webhooks'),
  };
  const filesIn = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const files = ['src', 'test', 'docs', 'bench', 'examples'].flatMap(filesIn).filter((name) => /\.(ts|md)$/.test(name));
  const citations = files.flatMap((file) =>
    [...read(file).matchAll(/\b(FACTS|QUIRKS|BATCHING|WEBHOOKS) §?(\d+(?:\.\d+)?(?:(?:, | and )\d+)*)/g)].flatMap(
      ([, page = '', numbers = '']) => numbers.split(/, | and /).map((number) => ({ file, page, number })),
    ),
  );
  expect(citations.length).toBeGreaterThan(50);
  expect(citations.filter(({ page, number }) => !known[page]?.includes(number))).toEqual([]);
});

test('decisions are numbered without gaps, listed in the index, and have the same parts', () => {
  const decisions = pagesIn('docs/decisions').filter((page) => !page.endsWith('README.md'));
  const index = read('docs/decisions/README.md');
  decisions.forEach((page, at) => {
    const name = page.replace('docs/decisions/', '');
    expect(name).toMatch(new RegExp(`^${String(at + 1).padStart(4, '0')}-`));
    expect(index).toContain(`(${name}) | ${read(page).split('\n')[0]?.slice(2)} |`);
    expect(read(page)).toMatch(/^\*\*Status:\*\*[\s\S]*^## Context[\s\S]*^## Decision[\s\S]*^## Consequences/m);
  });
});
