import { readConfig } from '../src/config/config.ts';
import { connectTo } from '../src/server/connect.ts';
import { createServer } from '../src/server/create-server.ts';
import { type Endpoint, listen } from './endpoint.ts';

/** The settings of a server over the sandbox at an address. */
export const settingsFor = (url: string): Record<string, string> => ({
  FRESHSALES_URL: url,
  FRESHSALES_API_KEY: 'bench',
  FRESHSALES_PRODUCT: 'suite',
  FRESHSALES_PLAN: '1000000',
});

/** This server with its default configuration and an empty cache. */
export async function openProduct(url: string): Promise<Endpoint> {
  const { connect } = await connectTo(readConfig(settingsFor(url)));
  return listen(createServer({ connect }));
}
