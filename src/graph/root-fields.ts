import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql';

/** The names of all fields at the root, whatever fragments and conditions they stand in. */
export function selectedRootFields({ definitions }: DocumentNode, operation: OperationDefinitionNode): string[] {
  const fragments = new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each.selectionSet]] : [],
    ),
  );
  const names: string[] = [];
  // A set is walked while it grows, and takes each of them once: fragments may spread one another.
  const sets = new Set([operation.selectionSet]);
  for (const { selections } of sets)
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.push(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sets.add(selection.selectionSet);
      else {
        const spread = fragments.get(selection.name.value);
        if (spread) sets.add(spread);
      }
    }
  return names;
}
