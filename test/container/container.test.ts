import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { KNOWN_VARIABLES } from '../../src/config/environment.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
const dockerfile = read('Dockerfile');
const instructions = DockerfileParser.parse(dockerfile)
  .getInstructions()
  .map((each) => ({ keyword: each.getKeyword(), text: each.getArgumentsContent() ?? '' }));
const final = instructions.slice(instructions.findLastIndex(({ keyword }) => keyword === 'FROM'));
const textOf = (keyword: string) => final.find((each) => each.keyword === keyword)?.text ?? '';

test('the linter finds nothing in the Dockerfile', () => {
  expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
});

test('the image runs the packed package as a user without rights, and checks its health', () => {
  expect(instructions.filter(({ keyword }) => keyword === 'FROM')).toHaveLength(2);
  expect(textOf('FROM')).toMatch(/^node:(20|22|24)-slim$/);
  expect(textOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  expect(textOf('HEALTHCHECK')).toContain('/health/live');
  expect(JSON.parse(textOf('CMD'))).toEqual(['node', 'node_modules/freshsales-graphql/dist/cli.js', 'serve']);
  expect(final.filter(({ keyword }) => keyword === 'RUN')).toEqual([]);
  expect(textOf('VOLUME')).toBe(JSON.stringify([/STATE_DIR=(\S+)/.exec(textOf('ENV'))?.[1]]));
});

test('the image gets no secrets and nothing that was built before', () => {
  const [first, ...allowed] = read('.dockerignore').trim().split('\n');
  expect(first).toBe('*');
  const secret = /^!(\.|\*|callers|audit|dist|node_modules)/;
  expect(allowed.filter((line) => !line.startsWith('!') || secret.test(line))).toEqual([]);
});

const duration = z.string().regex(/^\d+(ms|s|m)$/);
const service = z.strictObject({
  build: z.string().optional(),
  image: z.string().regex(/^[\w./-]+(:[\w.-]+)?$/),
  command: z.array(z.string()).optional(),
  env_file: z.string().optional(),
  environment: z.record(z.string(), z.string()).optional(),
  volumes: z.array(z.string().regex(/^[\w./-]+:\/[\w./-]+(:ro)?$/)),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  secrets: z.array(z.string()).optional(),
  read_only: z.literal(true),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  init: z.boolean().optional(),
  stop_grace_period: duration.optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  healthcheck: z
    .strictObject({ test: z.array(z.string()), interval: duration, timeout: duration, retries: z.int() })
    .optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
});
const compose = z
  .strictObject({
    services: z.record(z.string(), service),
    secrets: z.record(z.string(), z.strictObject({ environment: z.string() })),
    volumes: z.record(z.string(), z.strictObject({})),
  })
  .parse(parse(read('compose.yaml')));

test('compose.yaml names only services, volumes, secrets and variables that exist', () => {
  for (const { depends_on = {}, volumes, secrets = [], environment = {} } of Object.values(compose.services)) {
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(Object.keys(depends_on)));
    const named = volumes.map((text) => text.split(':')[0] ?? '').filter((source) => !source.startsWith('.'));
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named));
    expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets));
    expect(KNOWN_VARIABLES).toEqual(expect.arrayContaining(Object.keys(environment)));
  }
  for (const { environment } of Object.values(compose.secrets)) expect(KNOWN_VARIABLES).toContain(environment);
});

test('compose.yaml mounts the folder of the callers file, because a container keeps a mounted file that is replaced', () => {
  const { environment = {}, volumes } = service.parse(compose.services['freshsales-graphql']);
  expect(volumes.map((volume) => volume.split(':')[1])).toContain(dirname(environment.FRESHSALES_CALLERS ?? ''));
});

test('Prometheus reads the metrics of the server in compose.yaml with the token', () => {
  const { scrape_configs: jobs } = z
    .strictObject({
      global: z.strictObject({ scrape_interval: duration }),
      scrape_configs: z.array(
        z.strictObject({
          job_name: z.string(),
          authorization: z.strictObject({ credentials_file: z.string() }),
          static_configs: z.array(z.strictObject({ targets: z.array(z.string()) })),
        }),
      ),
    })
    .parse(parse(read('examples/container/prometheus.yml')));
  const [job] = jobs;
  expect(job?.authorization.credentials_file).toBe(`/run/secrets/${compose.services.prometheus?.secrets?.[0]}`);
  const port = /PORT=(\d+)/.exec(textOf('ENV'))?.[1];
  expect(job?.static_configs).toEqual([{ targets: [`freshsales-graphql:${port}`] }]);
});
