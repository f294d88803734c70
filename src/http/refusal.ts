/** An answer to a request that never gets as far as GraphQL, in the shape of one that did. */
export const refusal = (status: number, message: string, code = 'BAD_USER_INPUT'): Response =>
  Response.json(
    { errors: [{ message, extensions: { code } }] },
    { status, headers: { 'content-type': 'application/json; charset=utf-8' } },
  );
