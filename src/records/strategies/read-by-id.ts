import { recordCall } from '../../freshsales/reads.ts';
import type { Identified } from '../../freshsales/resource.ts';
import type { FieldCost } from '../field-needs.ts';
import { withoutZeros } from '../gid.ts';
import { loaderFor } from '../loader.ts';
import type { Needs } from '../needs.ts';
import { type Operation, type Registry, readCall } from '../record-type.ts';
import { readViews } from '../views.ts';

/** Reads any record by its type and id: alone, or with the whole of its small list. */
export const readById = {
  cost(registry: Registry, type: string, given: unknown): FieldCost[] {
    const source = registry.source(type);
    const [, id] = /^(?:gid:.*\/)?(\d+)$/.exec(String(given)) ?? [];
    if (!source || id === undefined) return [];
    if ('list' in source) return [{ calls: 1, once: source.list }];
    const { recordType } = source;
    const requests = [recordCall(recordType, withoutZeros(id))];
    return [{ calls: 1, call: readCall(recordType), recordType, requests }];
  },
  /** Null if it does not exist, undefined if records of the type cannot be read by their ids. */
  async run(
    operation: Operation,
    { type, id }: { readonly type: string; readonly id: string },
    needs: (typeName: string) => Needs,
  ): Promise<Identified | null | undefined> {
    const { registry } = operation;
    const viewed = registry.viewedType(type);
    if (viewed) return (await readViews(operation, viewed)).find((view) => view.id === id) ?? null;
    const table = registry.source(type) && registry.table(type);
    return table && loaderFor(operation, table).load(id, needs(type));
  },
};
