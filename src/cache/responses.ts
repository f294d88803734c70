import { LRUCache } from 'lru-cache';
import type { Answer, Question, Remembered } from '../freshsales/memory.ts';
import type { Dependencies } from './invalidation.ts';

/** An answer that is kept, and all that is needed to judge whether it may be served. */
export interface Kept extends Remembered, Dependencies {
  readonly question: Question;
  /** When its call went out. */
  readonly readAt: number;
  /** Which of the calls of this process it was; the clock does not tell two of one millisecond apart. */
  readonly order: number;
  readonly goodForMs: number;
  /** How far the log of changes had come then, or when it was last found to be untouched by them. */
  position: number;
}

/**
 * The answers in this process, bounded in bytes, by what they answer and by the records in them. What one scope (an account
 * and a key to it) has read is not found by another.
 */
export class Responses {
  readonly #kept: LRUCache<string, Kept>;
  /** Keys of answers, by question and by record. */
  readonly #byName = new Index();
  readonly #byPath = new Index();
  readonly #byRow = new Index();

  constructor(maxBytes: number) {
    this.#kept = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ contents }) => contents.bytes,
      // An answer's memory is given back when its time is over, whether or not anybody asks again.
      ttlAutopurge: true,
      dispose: (kept, key) => this.#unlist(kept, key),
    });
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  keep(scope: string, kept: Kept, forMs: number): void {
    const key = keyOf(scope, kept.question);
    this.#kept.delete(key);
    if (forMs <= 0) return;
    this.#kept.set(key, kept, { ttl: forMs });
    if (!this.#kept.has(key)) return;
    this.#byName.add(`${scope} ${kept.question.name}`, key);
    this.#byPath.add(`${scope} ${pathOf(kept.question.name)}`, key);
    for (const row of kept.contents.rows) this.#byRow.add(`${scope} ${row}`, key);
  }

  /** Every answer to questions of this name, whatever their pages and includes. */
  named(scope: string, name: string): Kept[] {
    return this.#get(this.#byName.of(`${scope} ${name}`));
  }

  /** Every answer of one address, whatever was asked there; of all that it may be, where an id in it is open. */
  below(scope: string, path: string): Kept[] {
    const [known = '', ...rest] = path.split('{id}');
    const words = rest.length > 0 ? this.#byPath.startingWith(`${scope} ${known}`) : [`${scope} ${path}`];
    return this.#get(words.flatMap((word) => [...this.#byPath.of(word)]));
  }

  /** Every answer in which a record stands. */
  holding(scope: string, row: string): Kept[] {
    return this.#get(this.#byRow.of(`${scope} ${row}`));
  }

  drop(scope: string, { question }: Kept): void {
    this.#kept.delete(keyOf(scope, question));
  }

  clear(): void {
    this.#kept.clear();
  }

  #get(keys: Iterable<string>): Kept[] {
    return [...keys].flatMap((key) => this.#kept.get(key) ?? []);
  }

  #unlist({ question, contents }: Kept, key: string): void {
    const scope = key.slice(0, key.indexOf(' '));
    this.#byName.remove(`${scope} ${question.name}`, key);
    this.#byPath.remove(`${scope} ${pathOf(question.name)}`, key);
    for (const row of contents.rows) this.#byRow.remove(`${scope} ${row}`, key);
  }
}

/** Several keys under one word. */
class Index {
  readonly #sets = new Map<string, Set<string>>();

  of(word: string): Iterable<string> {
    return this.#sets.get(word) ?? [];
  }

  startingWith(beginning: string): string[] {
    return [...this.#sets.keys()].filter((word) => word.startsWith(beginning));
  }

  add(word: string, key: string): void {
    const set = this.#sets.get(word);
    if (set) set.add(key);
    else this.#sets.set(word, new Set([key]));
  }

  remove(word: string, key: string): void {
    const set = this.#sets.get(word);
    set?.delete(key);
    if (set?.size === 0) this.#sets.delete(word);
  }
}

/** The address in the name of a question. */
export const pathOf = (name: string): string => name.split('?', 1)[0] ?? name;

const keyOf = (scope: string, question: Question): string => `${scope} ${question.name} ${variantOf(question)}`;

/** What tells apart questions of the same name. */
export const variantOf = ({ page, include }: Question): string =>
  `${page ? `${page.number}/${page.size}` : ''} ${include.toSorted().join(',')}`;

/** Whether the answer to one question holds the answer to another of the same name. */
export function covers(kept: Kept, { include, page }: Question): boolean {
  return include.every((name) => kept.include.includes(name)) && (!page || coversPage(kept, page));
}

function coversPage({ question, answer }: Kept, wanted: NonNullable<Question['page']>): boolean {
  const { page } = question;
  const [part] = answer;
  if (!page || !part) return false;
  if (page.number === wanted.number && page.size === wanted.size) return true;
  const from = (page.number - 1) * page.size;
  const wantedFrom = (wanted.number - 1) * wanted.size;
  if (wantedFrom < from || wantedFrom + wanted.size > from + page.size) return false;
  // Only where the rows are known to stand without gaps (QUIRKS 32) or strangers among them can a part be cut out.
  const isLast = part.total !== undefined && from + part.rows.length >= part.total;
  return (part.rows.length === page.size || isLast) && part.rows.every(({ partial }) => partial !== true);
}

/** The answer to a question, out of one that covers it. */
export function cutOut({ question, answer }: Kept, { page: wanted }: Question): Answer {
  const { page } = question;
  const [part] = answer;
  if (!page || !wanted || !part || (page.number === wanted.number && page.size === wanted.size)) return answer;
  const from = (wanted.number - 1) * wanted.size - (page.number - 1) * page.size;
  return [{ ...part, rows: part.rows.slice(from, from + wanted.size) }];
}
