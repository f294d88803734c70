import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';

/** Where a variable stands, however deep in the value there. */
export interface Use {
  /** The field, or the directive with its mark: `contacts`, `@skip`. */
  readonly of: string;
  readonly argument: string;
}

/** Every use of each variable of a document, those in its fragments included. */
export function usesOfVariables(document: DocumentNode): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const look = (value: ASTNode, use: Use) =>
    visit(value, {
      Variable: ({ name }) => {
        const known = uses.get(name.value);
        if (known) known.push(use);
        else uses.set(name.value, [use]);
      },
    });
  visit(document, {
    Field({ name, arguments: args = [] }) {
      for (const { name: argument, value } of args) look(value, { of: name.value, argument: argument.value });
    },
    Directive({ name, arguments: args = [] }) {
      for (const { name: argument, value } of args) look(value, { of: `@${name.value}`, argument: argument.value });
    },
  });
  return uses;
}

/** Whether a variable there decides if something is asked for at all. */
export const isCondition = ({ of }: Use): boolean => of === '@skip' || of === '@include';

/** Those that `node` and `nodes` take must be global ids. */
export const isOfAnyType = (uses: readonly Use[]): boolean => uses.some(({ of }) => of === 'node' || of === 'nodes');

/** The document with all that these variables may leave out. */
export const withAllOf = (document: DocumentNode, undecided: ReadonlySet<string>): DocumentNode =>
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const decides = args.some(({ value }) => value.kind === Kind.VARIABLE && undecided.has(value.name.value));
      // Null takes the node out.
      return decides && isCondition({ of: `@${name.value}`, argument: '' }) ? null : undefined;
    },
  });
