import { readFileSync } from 'node:fs';

/** package.json stands one level above, in the sources as in the build. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
