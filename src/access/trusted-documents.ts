import { readText } from '../text-file.ts';

/** Documents by hash, from the manifest of codegen (`persistedDocuments` of the client preset). */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Reads `persisted-documents.json`: an object of documents by their hash. */
function readTrustedDocuments(path: string): TrustedDocuments {
  const manifest: unknown = JSON.parse(readText(path));
  const entries = Object.entries(typeof manifest === 'object' && manifest !== null ? manifest : []);
  if (entries.length === 0 || Array.isArray(manifest) || entries.some(([, text]) => typeof text !== 'string'))
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
