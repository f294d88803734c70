import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
} from 'graphql';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
import { toCursor } from '../records/cursor.ts';
import { toGid } from '../records/gid.ts';
import { MAX_FIRST } from '../records/window.ts';
import { isOfAnyType, type Use } from './uses.ts';

/** Cursors that are far enough apart for any page between, `before` behind every `after`, and at the edges of pages. */
const CURSOR_STEP = 100_000;
const FIRST_BEFORE = 500_000_000;

const SAMPLES: Readonly<Record<string, unknown>> = {
  ...{ Int: 25, Float: 1, Boolean: true },
  ...{ DateTime: '2030-01-01T00:00:00Z', Date: '2030-01-01', Decimal: '1.0' },
};

/** Optional fields may cost something, so an input object gets all of its fields. */
type Fields = 'all' | 'required';

/**
 * Makes up values that cost as much as any. All differ, since the same record is read once. `taken`: the numbers in the document.
 */
export class Samples {
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

  /** A name in place of an id. */
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

  /** How many of this kind there were before. */
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
