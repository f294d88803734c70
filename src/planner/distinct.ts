import { type Call, templateOf } from '../freshsales/transport.ts';

/** Counts requests, the same one once. Of a view that is not known yet it can only be said that it may be any. */
export class Distinct {
  readonly #groups = new Map<string, Set<string>>();

  add({ method, path, query, body }: Call): void {
    const group = JSON.stringify([method, templateOf(path), query ?? {}, body ?? {}]);
    const paths = this.#groups.get(group) ?? new Set<string>();
    if (!isOpen(path)) paths.add(path);
    this.#groups.set(group, paths);
  }

  /** The sum over what differs in its ids only, by how many of each there are. */
  sum(costOf: (call: string, count: number) => number): number {
    return [...this.#groups].reduce((sum, [group, { size }]) => {
      const [method, path] = JSON.parse(group) as [string, string];
      return sum + costOf(`${method} /${path}`, Math.max(1, size));
    }, 0);
  }
}

/** Whether an id in the path is not known yet. */
export const isOpen = (path: string): boolean => path.includes('{');
