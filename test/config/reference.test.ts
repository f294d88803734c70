import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeSettings, renderReference, undescribed } from '../../src/config/reference.ts';

const path = new URL('../../docs/configuration.md', import.meta.url);

/** The page, with its tables as they are declared. */
function declaredPage(): string {
  let page = readFileSync(path, 'utf8');
  for (const [section, table] of renderReference()) {
    const place = new RegExp(`(^## ${section}\\n\\n)(?:\\|[^\\n]*\\n)+`, 'm');
    expect(page).toMatch(place);
    page = page.replace(place, (_all, heading: string) => `${heading}${table}\n`);
  }
  return page;
}

test('docs/configuration.md has the variables as they are declared', () => {
  const page = declaredPage();
  // Run with UPDATE=1 after a change of the declaration.
  if (process.env.UPDATE === '1') writeFileSync(path, page);
  expect(readFileSync(path, 'utf8')).toBe(page);
});

test('every variable is described', () => {
  expect(undescribed()).toEqual([]);
});

test('printed settings name their source and have no secrets', () => {
  const env = {
    PORT: '4100',
    FRESHSALES_API_KEY: 'kS3cr3t',
    METRICS_TOKEN: 'kS3cr3t',
    REDIS_URL: 'redis://user:kS3@kS3cr3t@redis:6379/1?password=kS3cr3t',
    FRESHSALES_URL: 'https://kS3cr3t@a.example/api#kS3cr3t',
    ALLOWED_ORIGINS: '',
  };
  const lines = describeSettings(env, (name) => (name === 'PORT' ? '.env' : 'environment'));
  expect(lines).toEqual(
    expect.arrayContaining([
      'PORT=4100 # .env',
      'FRESHSALES_API_KEY=… # environment',
      'REDIS_URL=redis://…@redis:6379/1?… # environment',
      'FRESHSALES_URL=https://…@a.example/api#… # environment',
      'HOST=127.0.0.1 # default',
      '# ALLOWED_ORIGINS is not set',
    ]),
  );
  expect(lines.join()).not.toContain('kS3');
});
