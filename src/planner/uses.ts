import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';

/** Where a variable is used, at any depth of a value. */
export interface Use {
  /** The field, or the directive with its mark: `contacts`, `@skip`. */
  readonly of: string;
  readonly argument: string;
}

/** Every use of each variable of a document, including its fragments. */
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

/** Whether a variable there skips or includes a selection. */
export const isCondition = ({ of }: Use): boolean => of === '@skip' || of === '@include';

/** Those that `node` and `nodes` take must be global ids. */
export const isOfAnyType = (uses: readonly Use[]): boolean => uses.some(({ of }) => of === 'node' || of === 'nodes');

/** The document with everything that these variables may skip. */
export const withAllOf = (document: DocumentNode, undecided: ReadonlySet<string>): DocumentNode =>
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const decides = args.some(({ value }) => value.kind === Kind.VARIABLE && undecided.has(value.name.value));
      // Null removes the node.
      return decides && isCondition({ of: `@${name.value}`, argument: '' }) ? null : undefined;
    },
  });
