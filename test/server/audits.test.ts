import { serverAudits } from 'graphql-http';
import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const { fetch } = openWorld();
const audits = serverAudits({ url: 'http://127.0.0.1/graphql', fetchFn: fetch });

test.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (_id, name, audit) => {
  const result = await audit.fn();
  if (name.startsWith('MUST')) expect(result).toMatchObject({ status: 'ok' });
  else expect(['ok', 'notice', 'warn']).toContain(result.status);
});
