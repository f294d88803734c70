import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

test.skipIf(!existsSync(executablePath))(
  'GraphiQL opens offline and runs its first query',
  { timeout: 90_000 },
  async () => {
    const { yoga, sandbox } = openWorld();
    const server = createHttpServer(yoga);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({ executablePath, args });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (/^https?:/.test(request.url()) && !request.url().startsWith(origin)) foreign.push(request.url());
      });
      await page.goto(origin);
      await page.getByRole('button', { name: /execute query/i }).click();
      await page.locator('.result-window').getByText('"totalCount"').first().waitFor();
      const screenshot = join(mkdtempSync(join(tmpdir(), 'graphiql-')), 'graphiql.png');
      await page.screenshot({ path: screenshot });
      expect(statSync(screenshot).size).toBeGreaterThan(20_000);
      expect(foreign).toEqual([]);
      expect(sandbox.requests.filter((request) => request.includes('/view/'))).toHaveLength(1);
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  },
);
