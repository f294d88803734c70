import { type Call, templateOf } from '../../freshsales/transport.ts';

/** Counts requests, the same one once. Of a view that is not known yet it can only be said that it may be any. */
export class Distinct {
  readonly #groups = new Map<string, Set<string>>();

  add({ method, path, query, body }: Call): void {
    const group = JSON.stringify([method, templateOf(path), query ?? {}, body ?? {}]);
    const paths = this.#groups.get(group) ?? new Set<string>();
    if (!isOpen(path)) paths.add(path);
    this.#groups.set(group, paths);
  }

  /** Those of which several may come to one call count as one. */
  countWhere(isOne: (call: string, count: number) => boolean): number {
    return [...this.#groups].reduce((sum, [group, { size }]) => {
      const [method, path] = JSON.parse(group) as [string, string];
      return sum + (isOne(`${method} /${path}`, size) ? 1 : Math.max(1, size));
    }, 0);
  }

  get count(): number {
    return this.countWhere(() => false);
  }
}

/** Whether an id in the path is not known yet. */
export const isOpen = (path: string): boolean => path.includes('{');
