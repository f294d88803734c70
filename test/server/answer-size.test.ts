import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { openWorld } from '../world.ts';

/** Contacts and deals that refer to each other, over and over. */
const circle = (levels: number): string => {
  const inner = levels === 0 ? 'displayName' : `deals { nodes { name contacts { nodes { ${circle(levels - 1)} } } } }`;
  return `displayName ${inner}`;
};

describe('the size of an answer', () => {
  test('is limited even if it costs few calls', async () => {
    const { ask, sandbox } = openWorld({ limits: { maxValues: 5000 } });
    const { errors } = await ask(`{ contacts(first: 100) { nodes { ${circle(4)} } } }`);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED' });
    expect(errors?.[0]?.message).toContain('MAX_VALUES');
    expect(sandbox.requests.length).toBeLessThanOrEqual(DEFAULT_LIMITS.maxCalls);
  });

  test('lets 500 contacts with their accounts, deals and owners through', async () => {
    const { ask } = openWorld();
    const { errors } = await ask(
      `{ contacts(first: 500) { nodes { displayName email jobTitle owner { displayName email }
        salesAccounts { nodes { name website } } deals { nodes { name amount stage { name } owner { displayName } } } } } }`,
    );
    expect(errors).toBeUndefined();
  });
});
