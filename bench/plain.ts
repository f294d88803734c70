import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { listen } from './endpoint.ts';

/** The other server's response, to return from memory. */
interface Known {
  readonly data: object;
  readonly extensions: Readonly<Record<string, unknown>>;
}

const fromMemory = ({ data, extensions }: Known): Plugin => ({
  onExecute({ executeFn, setExecuteFn }) {
    setExecuteFn((args) => executeFn({ ...args, rootValue: data }));
    return {
      onExecuteDone({ result, setResult }) {
        if (!(Symbol.asyncIterator in result)) setResult({ ...result, extensions });
      },
    };
  },
});

/** Plain yoga with this schema, which returns a response from memory. */
process.once('message', async (known: Known) => {
  const schema = buildSchema(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
  const { url } = await listen(createYoga({ schema, plugins: [fromMemory(known)], logging: false }));
  process.send?.({ url });
});
process.once('disconnect', () => process.exit(0));
