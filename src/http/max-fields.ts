import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from 'graphql';

/**
 * Limits how many fields an operation selects once its fragments are spread. Thirty fragments that each spread the next
 * three times are a few hundred words, and more fields than there are atoms.
 */
export const maxFieldsRule =
  (limit: number) =>
  (context: ValidationContext): ASTVisitor => {
    const sizes = new Map<string, number>();

    function sizeOf(set: SelectionSetNode | undefined): number {
      let size = 0;
      for (const selection of set?.selections ?? []) {
        if (selection.kind === Kind.FRAGMENT_SPREAD) size += fragmentSize(selection.name.value);
        else size += (selection.kind === Kind.FIELD ? 1 : 0) + sizeOf(selection.selectionSet);
      }
      return size;
    }

    /** Each fragment is measured once. One that spreads itself is refused elsewhere, and counts for nothing here. */
    function fragmentSize(name: string): number {
      const known = sizes.get(name);
      if (known !== undefined) return known;
      sizes.set(name, 0);
      const size = sizeOf(context.getFragment(name)?.selectionSet);
      sizes.set(name, size);
      return size;
    }

    return {
      OperationDefinition({ selectionSet }) {
        if (sizeOf(selectionSet) <= limit) return;
        const message = `The operation selects more than ${limit} fields once its fragments are spread (MAX_FIELDS).`;
        context.reportError(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }));
      },
    };
  };
