import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isObject } from '../freshsales/json.ts';
import { readText } from '../text-file.ts';

/** Documents by hash, from the manifest of codegen (`persistedDocuments` of the client preset). */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Reads `persisted-documents.json`: an object of documents by their hash. */
function readTrustedDocuments(path: string): TrustedDocuments {
  const manifest: unknown = JSON.parse(readText(path));
  const entries = Object.entries(isObject(manifest) ? manifest : {});
  if (entries.length === 0 || entries.some(([, text]) => typeof text !== 'string'))
    throw new Error('it is not a manifest: an object of documents by their hash');
  return new Map(entries as [string, string][]);
}

/** Reads a manifest, or reports why it cannot be read. */
export function trust(path: string, complain: (message: string) => void): TrustedDocuments | undefined {
  try {
    return readTrustedDocuments(path);
  } catch (error) {
    complain(
      `${path} cannot be read: ${(error as Error).message}. Write it with codegen’s client preset and “persistedDocuments: true”`,
    );
    return undefined;
  }
}

const refusal = (message: string) => () => new GraphQLError(message, { extensions: { code: 'FORBIDDEN' } });

const TRUSTED_ONLY =
  'This caller may send trusted documents only: its hash in extensions.persistedQuery.sha256Hash or in documentId, and no “query”.';

/** Yoga ignores URL parameters that GraphQL over HTTP does not define. */
const inAddress = ({ method, url }: Request): string | null =>
  method === 'GET' ? new URL(url).searchParams.get('documentId') : null;

/** Limits callers with trusted documents to these. Operations are sent by hash. */
export function useTrustedDocuments(
  callerOf: (request: Request) => { readonly trusted: TrustedDocuments | undefined } | undefined,
): Plugin {
  const { onParams, ...plugin } = usePersistedOperations({
    allowArbitraryOperations: false,
    extractPersistedOperationId: ({ extensions, ...params }, request) => {
      const { documentId = inAddress(request) } = params as { documentId?: unknown };
      const hash: unknown = extensions?.persistedQuery?.sha256Hash ?? documentId;
      return typeof hash === 'string' ? hash.replace(/^sha\d+:/, '') : null;
    },
    getPersistedOperation: (hash, request) => callerOf(request)?.trusted?.get(hash) ?? null,
    customErrors: {
      persistedQueryOnly: refusal(TRUSTED_ONLY),
      keyNotFound: refusal(TRUSTED_ONLY),
      notFound: refusal('No trusted document of this caller has this hash. Generate the manifest again with codegen.'),
    },
  });
  return {
    ...plugin,
    onParams: (payload) => (callerOf(payload.request)?.trusted ? onParams?.(payload) : undefined),
  };
}
