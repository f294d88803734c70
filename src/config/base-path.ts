/** A base path without the slash at its end. Undefined if it is not one. */
export function toBasePath(given: string): string | undefined {
  const path = given.replace(/\/$/, '');
  const isPlain = /^(\/[\w.~-]+)*$/.test(path) && new URL(path, 'http://localhost').pathname === (path || '/');
  return isPlain ? path : undefined;
}

/** The same. Throws if it is not one. */
export function basePathOf(given: string): string {
  const path = toBasePath(given);
  if (path === undefined)
    throw new TypeError('basePath must be a path such as “/api”, of letters, digits, “-”, “_”, “.” and “~”.');
  return path;
}
