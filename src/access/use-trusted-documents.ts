import { usePersistedOperations } from '@graphql-yoga/plugin-persisted-operations';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Caller } from './callers.ts';

const refusal = (message: string, code: string) => () => new GraphQLError(message, { extensions: { code } });

const HOW = 'its hash in extensions.persistedQuery.sha256Hash or in documentId, and no “query”';

/** Yoga ignores URL parameters that GraphQL over HTTP does not define. */
const inAddress = ({ method, url }: Request): string | null =>
  method === 'GET' ? new URL(url).searchParams.get('documentId') : null;

/** Limits callers with trusted documents to these. Operations are sent by hash. */
export function useTrustedDocuments(callerOf: (request: Request) => Caller | undefined): Plugin {
  const { onParams, ...plugin } = usePersistedOperations({
    allowArbitraryOperations: false,
    extractPersistedOperationId: ({ extensions, ...params }, request) => {
      const { documentId = inAddress(request) } = params as { documentId?: unknown };
      const hash: unknown = extensions?.persistedQuery?.sha256Hash ?? documentId;
      return typeof hash === 'string' ? hash.replace(/^sha\d+:/, '') : null;
    },
    getPersistedOperation: (hash, request) => callerOf(request)?.trusted?.get(hash) ?? null,
    customErrors: {
      persistedQueryOnly: refusal(`This caller may send trusted documents only: ${HOW}.`, 'FORBIDDEN'),
      keyNotFound: refusal(`This caller may send trusted documents only: ${HOW}.`, 'FORBIDDEN'),
      notFound: refusal(
        'No trusted document of this caller has this hash. Generate the manifest again with codegen.',
        'FORBIDDEN',
      ),
    },
  });
  return {
    ...plugin,
    onParams: (payload) => (callerOf(payload.request)?.trusted ? onParams?.(payload) : undefined),
  };
}
