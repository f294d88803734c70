/** True if a client takes one of these media types, in UTF-8. Weights do not matter: what has none is taken. */
export function accepts({ headers }: Request, mediaTypes: readonly string[]): boolean {
  const ranges = (headers.get('accept') || '*/*').replace(/\s/g, '').toLowerCase().split(',');
  return ranges.some((range) => {
    const [wanted = '', ...parameters] = range.split(';');
    const charset = parameters.find((parameter) => parameter.startsWith('charset=')) ?? 'charset=utf-8';
    return charset === 'charset=utf-8' && mediaTypes.some((type) => isIn(type, wanted));
  });
}

function isIn(type: string, range: string): boolean {
  const [family] = type.split('/');
  return range === type || range === `${family}/*` || range === '*/*';
}
