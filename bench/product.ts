import { connectTo, createServer, readConfig } from '../src/index.ts';
import { type Endpoint, listen } from './endpoint.ts';

/** The settings of a server over the sandbox at that address. */
export const settingsFor = (url: string): Record<string, string> => ({
  FRESHSALES_URL: url,
  FRESHSALES_API_KEY: 'bench',
  FRESHSALES_PRODUCT: 'suite',
  FRESHSALES_PLAN: '1000000',
});

/** This server as it is configured by default, knowing nothing yet. */
export async function openProduct(url: string): Promise<Endpoint> {
  const { connect } = await connectTo(readConfig(settingsFor(url)));
  return listen(createServer({ connect }));
}
