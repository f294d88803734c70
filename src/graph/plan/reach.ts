import { type ASTNode, type DefinitionNode, type FragmentDefinitionNode, visit } from 'graphql';

/** The names of all fragments that these definitions spread, directly or through others. */
export function reachedFrom(
  definitions: readonly DefinitionNode[],
  fragments: ReadonlyMap<string, readonly FragmentDefinitionNode[]>,
): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (node: ASTNode) =>
    visit(node, {
      FragmentSpread: ({ name }) => {
        names.add(name.value);
      },
    });
  for (const definition of definitions) look(definition);
  // A set is walked while it grows, and takes each of them once: fragments may spread one another.
  for (const name of names) for (const fragment of fragments.get(name) ?? []) look(fragment);
  return names;
}
