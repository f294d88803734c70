/** A mistake in the arguments or files of an export or import, explained in one line. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}
