import {
  type ASTNode,
  type DocumentNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  print,
  typeFromAST,
  visit,
} from 'graphql';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
import { getOrInsert } from '../maps.ts';
import { toCursor } from '../records/cursor.ts';
import { isGid, parseGid, toGid } from '../records/gid.ts';
import { MAX_FIRST } from '../records/window.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The plan of an operation whose variables are not all known. */
interface Assumed {
  /** With everything that unknown conditions may skip or include. */
  readonly document: DocumentNode;
  /** The variables of those conditions. */
  readonly undecided: readonly string[];
  /** Values of the other variables: each combination that may be the most expensive. */
  readonly variants: readonly Variables[];
}

interface Missing {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly uses: readonly Use[];
}

/**
 * Assumes values for required variables that are not given, so that the operation costs no less than with any other values. The
 * document must be valid, and contain the operation and all of its fragments.
 */
export function assume(
  schema: GraphQLSchema,
  { document, operation }: { readonly document: DocumentNode; readonly operation: OperationDefinitionNode },
  given: Variables,
): Assumed {
  const uses = usesOfVariables(document);
  const missing = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }): Missing[] => {
    const { value: name } = variable.name;
    const type = typeFromAST(schema, node) as GraphQLInputType | undefined;
    const isRequired = node.kind === 'NonNullType' && defaultValue === undefined && !Object.hasOwn(given, name);
    return type && isRequired ? [{ name, type, uses: uses.get(name) ?? [] }] : [];
  });
  const undecided = missing.filter((each) => each.uses.some(isCondition)).map(({ name }) => name);
  const samples = new Samples(numbersIn(`${print(document)} ${JSON.stringify(given)}`));
  const values = Object.fromEntries(missing.map(({ name, type, uses }) => [name, samples.of(type, uses)]));
  return {
    document: undecided.length > 0 ? withAllOf(document, new Set(undecided)) : document,
    undecided,
    variants: [
      values,
      ...withNames(values, missing, samples),
      ...withLongList(values, missing),
      ...withoutFields(values, missing),
    ],
  };
}

/** A view may be named, so that the list of views is read, or given by an id, which may be a name after all. */
function withNames(values: Variables, missing: readonly Missing[], samples: Samples): Variables[] {
  const names = missing.filter(isView).map(({ name }) => [name, samples.name()] as const);
  return names.length > 0 ? [{ ...values, ...Object.fromEntries(names) }] : [];
}

/** One id may be of a long lookup, which is read for one of its rows. The others cost most as ids of records. */
function withLongList(values: Variables, missing: readonly Missing[]): Variables[] {
  const name = missing.find(({ uses }) => isOfAnyType(uses))?.name;
  const value = name === undefined ? undefined : values[name];
  const [first, ...others] = Array.isArray(value) ? value : [value];
  if (name === undefined || typeof first !== 'string' || !isGid(first)) return [];
  const gid = toGid('ContactList', parseGid(first).id);
  return [{ ...values, [name]: Array.isArray(value) ? [gid, ...others] : gid }];
}

/** A field of an input may save a call, so each optional field is left out once. */
function withoutFields(values: Variables, missing: readonly Missing[]): Variables[] {
  const inputs = missing.flatMap(({ name, type }) => {
    const object = getNullableType(type);
    return isInputObjectType(object) && !object.isOneOf ? [{ name, fields: Object.values(object.getFields()) }] : [];
  });
  const optional = new Set(
    inputs.flatMap(({ fields }) => fields.filter((each) => !isRequiredInputField(each)).map(({ name }) => name)),
  );
  return [...optional].map((field) => ({
    ...values,
    ...Object.fromEntries(inputs.map(({ name }) => [name, without(values[name], field)])),
  }));
}

const without = (value: unknown, field: string) =>
  Object.fromEntries(Object.entries(value as Variables).filter(([name]) => name !== field));

const isView = ({ type, uses }: Missing): boolean =>
  getNamedType(type).name === 'ID' && uses.length > 0 && uses.every(({ argument }) => argument === 'view');

const numbersIn = (text: string): ReadonlySet<string> => new Set(text.match(/\d+/g));

/** Cursors that are far enough apart for any page between, `before` behind every `after`, and at the edges of pages. */
const CURSOR_STEP = 100_000;
const FIRST_BEFORE = 500_000_000;

const SAMPLES: Readonly<Record<string, unknown>> = {
  Int: 25,
  Float: 1,
  Boolean: true,
  DateTime: '2030-01-01T00:00:00Z',
  Date: '2030-01-01',
  Decimal: '1.0',
};

/** Optional fields may cost something, so an input object gets all of its fields. */
type Fields = 'all' | 'required';

/**
 * Makes up values that cost as much as any. All differ, since the same record is read once. `taken`: the numbers in the document.
 */
class Samples {
  readonly #taken: ReadonlySet<string>;
  readonly #turns = new Map<string, number>();
  #last = 0;

  constructor(taken: ReadonlySet<string>) {
    this.#taken = taken;
  }

  of(type: GraphQLInputType, uses: readonly Use[], fields: Fields = 'all'): unknown {
    const named = getNullableType(type);
    if (isListType(named)) return this.#list(named.ofType, uses);
    if (isEnumType(named)) {
      const values = named.getValues();
      return values[this.#turn(named.name) % values.length]?.name;
    }
    if (isInputObjectType(named)) return this.#object(named, fields);
    if (named.name === 'Int') return countAt(uses) ?? SAMPLES.Int;
    if (named.name === 'String') return this.#cursor(uses) ?? `text${this.#next()}`;
    if (named.name === 'ID' && isOfAnyType(uses)) return toGid('Contact', this.#next());
    return SAMPLES[named.name] ?? this.#next();
  }

  /** A name instead of an id. */
  name(): string {
    return `text${this.#next()}`;
  }

  /** As long as possible if each element costs something; of an enum, all values. */
  #list(type: GraphQLInputType, uses: readonly Use[]): unknown[] {
    const element = getNullableType(type);
    if (isEnumType(element)) return element.getValues().map(({ name }) => name);
    const length = uses.some(({ argument }) => argument === 'ids' || argument === 'input') ? MAX_FIRST : 1;
    return Array.from({ length }, () => this.of(type, uses, 'required'));
  }

  #object(type: GraphQLInputObjectType, which: Fields): Record<string, unknown> {
    const fields = Object.values(type.getFields());
    const wanted = type.isOneOf
      ? fields.slice(0, 1)
      : fields.filter((each) => which === 'all' || isRequiredInputField(each));
    return Object.fromEntries(wanted.map((field) => [field.name, this.of(field.type, [], 'required')]));
  }

  /** A valid cursor: an operation with another is refused, and costs nothing. */
  #cursor(uses: readonly Use[]): string | undefined {
    if (uses.some(({ argument }) => argument === 'after')) return cursorTo(CURSOR_STEP * (this.#turn('after') + 1) - 1);
    if (uses.some(({ argument }) => argument === 'before'))
      return cursorTo(FIRST_BEFORE + CURSOR_STEP * this.#turn('before'));
    return undefined;
  }

  #next(): string {
    do this.#last += 1;
    while (this.#taken.has(String(this.#last)));
    return String(this.#last);
  }

  /** The number of earlier ones of this kind. */
  #turn(kind: string): number {
    const turn = this.#turns.get(kind) ?? 0;
    this.#turns.set(kind, turn + 1);
    return turn;
  }
}

const cursorTo = (position: number): string => toCursor('assumed', { position, upTo: [], following: [] });

/** The most rows that can be requested. */
function countAt(uses: readonly Use[]): number | undefined {
  const counts = uses.filter(({ argument }) => argument === 'first' || argument === 'last');
  if (counts.length === 0) return undefined;
  return counts.every(({ of }) => of === 'search') ? MAX_PER_PAGE : MAX_FIRST;
}

/** The places where a variable is used, at any depth of a value. */
interface Use {
  /** The field, or the directive with its mark: `contacts`, `@skip`. */
  readonly of: string;
  readonly argument: string;
}

/** Every use of each variable of a document, including its fragments. */
export function usesOfVariables(document: DocumentNode): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  const look = (value: ASTNode, use: Use) =>
    visit(value, {
      Variable({ name }) {
        getOrInsert(uses, name.value, () => []).push(use);
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

/** True if a variable there skips or includes a selection. */
const isCondition = ({ of }: Use): boolean => of === '@skip' || of === '@include';

/** Those that `node` and `nodes` take must be global ids. */
const isOfAnyType = (uses: readonly Use[]): boolean => uses.some(({ of }) => of === 'node' || of === 'nodes');

/** The document with everything that these variables may skip. */
const withAllOf = (document: DocumentNode, undecided: ReadonlySet<string>): DocumentNode =>
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      const decides = args.some(({ value }) => value.kind === Kind.VARIABLE && undecided.has(value.name.value));
      // Null removes the node.
      return decides && isCondition({ of: `@${name.value}`, argument: '' }) ? null : undefined;
    },
  });
