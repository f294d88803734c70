/** The key of the header Idempotency-Key, which is a string in quotes by its draft standard, and often sent without them. */
export const idempotencyKeyOf = ({ headers }: Request): string | undefined =>
  headers
    .get('idempotency-key')
    ?.trim()
    .replace(/^"(.*)"$/, '$1');
