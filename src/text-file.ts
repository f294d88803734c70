import { readFileSync } from 'node:fs';

/** The file is not UTF-8. The message continues a sentence that begins with the file's name. */
export class NotTextError extends Error {
  override readonly name = 'NotTextError';
}

/** Byte order marks of UTF-16 and UTF-32. */
const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a file that people edit. Drops byte order marks and ends every line with `\n`.
 *
 * @throws NotTextError for any encoding but UTF-8, because lines could be lost without notice.
 */
export const readText = (path: string): string => toText(readFileSync(path));

function toText(bytes: Uint8Array): string {
  const isUtf16 = UTF_16.some(([first, second]) => bytes[0] === first && bytes[1] === second);
  if (isUtf16 || bytes.includes(0))
    throw new NotTextError('is not UTF-8: it looks like UTF-16 or a binary file. Save it as UTF-8');
  try {
    // The decoder drops the first byte order mark. Concatenated files can have more, each at the start of a line.
    return decoder
      .decode(bytes)
      .replace(/\r\n?/g, '\n')
      .replace(/^\uFEFF/gm, '');
  } catch {
    throw new NotTextError('is not UTF-8. Save it as UTF-8');
  }
}
