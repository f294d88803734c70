import type { Product } from '../freshsales/products.ts';
import { listenSandbox } from '../sandbox/listen.ts';
import { createSandbox } from '../sandbox/sandbox.ts';
import { print } from '../terminal.ts';
import { listenError, StartError } from './start.ts';
import { onStop, type ParentOptions } from './stop.ts';

interface SandboxCommand extends ParentOptions {
  readonly host: string;
  readonly port: string;
  readonly product: string;
  readonly key?: string;
  readonly webhooks?: string;
  readonly webhookSecret?: string;
  readonly webhookHeader: string;
}

const isProduct = (name: string): name is Product => name === 'suite' || name === 'classic';

/** Runs the sandbox alone until it is stopped. */
export async function sandbox({ host, port: given, product, key, ...options }: SandboxCommand): Promise<void> {
  if (!isProduct(product)) throw new StartError('--product is not valid. Set it to suite or classic.');
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartError('--port is not valid. Set it to a number from 0 to 65535.');
  const instance = createSandbox({ product, ...(key !== undefined && { apiKey: key }) });
  const { webhooks, webhookSecret, webhookHeader } = options;
  if (webhooks !== undefined) {
    if (!/^https?:\/\//.test(webhooks) || !URL.canParse(webhooks))
      throw new StartError(
        '--webhooks is not valid. Set it to a URL such as http://127.0.0.1:4000/webhooks/freshsales.',
      );
    const headers = webhookSecret === undefined ? {} : { [webhookHeader]: webhookSecret };
    instance.workflows.target = { url: webhooks, headers };
  }
  const { url, close } = await listenSandbox(instance, { host, port }).catch((error: unknown) => {
    throw listenError(error, host, port, 'Set --port to another one.');
  });
  const token = key ?? 'any';
  print(
    `Freshsales sandbox (${product}): ${url}`,
    '',
    'Try:',
    `  curl -H 'Authorization: Token token=${token}' ${url}/contacts/filters`,
    '',
    'Serve GraphQL over it:',
    `  FRESHSALES_URL=${url} FRESHSALES_API_KEY=${token} FRESHSALES_PRODUCT=${product} npx freshsales-graphql`,
  );
  onStop(() => void close().finally(() => process.exit(0)), options);
}
