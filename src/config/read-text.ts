import { readFileSync } from 'node:fs';

/** A file is not text in UTF-8. The message follows the file's name. */
export class NotTextError extends Error {
  override readonly name = 'NotTextError';
}

/** The first bytes of UTF-16 and UTF-32, in either order. */
const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a file that people edit. A byte order mark is dropped, and every line ends with `\n`, whatever the editor wrote.
 *
 * @throws NotTextError for any encoding but UTF-8, in which a line could be lost without anybody noticing.
 */
export const readText = (path: string): string => toText(readFileSync(path));

function toText(bytes: Uint8Array): string {
  const isUtf16 = UTF_16.some(([first, second]) => bytes[0] === first && bytes[1] === second);
  if (isUtf16 || bytes.includes(0))
    throw new NotTextError('is not UTF-8: it looks like UTF-16 or a binary file. Save it as UTF-8');
  try {
    // The decoder drops a byte order mark. Files that were joined can have one at the start of any line.
    return decoder
      .decode(bytes)
      .replace(/\r\n?/g, '\n')
      .replace(/^\uFEFF/gm, '');
  } catch {
    throw new NotTextError('is not UTF-8. Save it as UTF-8');
  }
}
