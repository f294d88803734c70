import { expect, test } from 'vitest';
import { KNOWN_VARIABLES } from '../../src/config/environment.ts';
import { misspelt } from '../../src/config/misspelt.ts';

const meant = (name: string) => misspelt([name], KNOWN_VARIABLES);

test.each([
  ['FRESHSALES_CALLER', 'FRESHSALES_CALLERS'],
  ['FRESHSALES_CALERS', 'FRESHSALES_CALLERS'],
  ['freshsales_callers', 'FRESHSALES_CALLERS'],
  ['FRESHSALE_CALLERS', 'FRESHSALES_CALLERS'],
  ['FRESH_SALES_CALLERS', 'FRESHSALES_CALLERS'],
  ['FRESHSALES-CALLERS', 'FRESHSALES_CALLERS'],
  ['FRESHSALES_KEY', 'FRESHSALES_API_KEY'],
  ['FRESHSALES_TIMEOUT', 'FRESHSALES_TIMEOUT_MS'],
  ['FRESHSALES_AUDIT_LOG', 'AUDIT_LOG'],
  ['MAX_CALL', 'MAX_CALLS'],
  ['AUDIT_LOGS', 'AUDIT_LOG'],
  ['CACHE_LIST_SECONDS', 'CACHE_LISTS_SECONDS'],
  ['CACHE_RECORDS_MS', 'CACHE_RECORDS_SECONDS'],
  ['QUOTA_WAIT', 'QUOTA_WAIT_SECONDS'],
  ['ALLOWED_ORIGIN', 'ALLOWED_ORIGINS'],
  ['NODE_EVN', 'NODE_ENV'],
])('%s probably means %s', (name, known) => {
  expect(meant(name)).toEqual([{ name, meant: known }]);
});

test('reports any unknown FRESHSALES_ variable, with a suggestion if one is similar', () => {
  expect(meant('FRESHSALES_SOMETHING_ELSE')).toEqual([{ name: 'FRESHSALES_SOMETHING_ELSE', meant: undefined }]);
});

const OTHERS =
  'PATH HOME HOSTNAME PORTS NODE_PATH NODE_OPTIONS MAX_WORKERS MAX_MEMORY CACHE_DIR LOG_LEVEL REDIS_HOST AUDIT_LEVEL npm_command TZ'.split(
    ' ',
  );

test.each([...OTHERS, ...KNOWN_VARIABLES])('%s is not a mistake', (name) => {
  expect(meant(name)).toEqual([]);
});
