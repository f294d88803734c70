import { readText } from '../text-file.ts';

/** Operations by their hash, from the manifest that codegen writes (`persistedDocuments` of the client preset). */
export type TrustedDocuments = ReadonlyMap<string, string>;

/** Reads `persisted-documents.json`: an object of documents by their hash. */
export function readTrustedDocuments(path: string): TrustedDocuments {
  const manifest: unknown = JSON.parse(readText(path));
  const entries = Object.entries(typeof manifest === 'object' && manifest !== null ? manifest : []);
  if (entries.length === 0 || Array.isArray(manifest) || entries.some(([, text]) => typeof text !== 'string'))
    throw new Error('it is not a manifest: an object of documents by their hash');
  return new Map(entries as [string, string][]);
}
