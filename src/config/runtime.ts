import { readFileSync } from 'node:fs';

/** Version of this package. package.json is two levels up, in src/ as in dist/. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** True if npm or npx started this process: both name the script they run. */
export const isUnderNpm = (): boolean =>
  process.env.npm_lifecycle_event !== undefined || process.env.npm_command === 'exec';
