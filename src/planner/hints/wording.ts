/** “`a`, `b` and `c`” */
export function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}

export const calls = (count: number): string => (count === 1 ? '1 call' : `${count} calls`);
