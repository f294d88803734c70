import type { PageAnswer } from './answer.ts';
import type { Change } from './change.ts';
import type { Row } from './rows.ts';
import type { Call, Lane } from './transport.ts';

/** Rows that came under one key, and what came along with them. */
export interface Part extends PageAnswer {
  readonly key: string;
}

/** The answer to a read, in parts: one for most, one for each kind of a lookup, none where there is no such record. */
export type Answer = readonly Part[];

/** What a read asks for, said so that its answer can be found again. */
export interface Question {
  /** Small lists that seldom change are kept for longer than records. */
  readonly kind: 'list' | 'record' | 'page';
  /** The address, with all that chooses rows and nothing that only adds to them. */
  readonly name: string;
  readonly include: readonly string[];
  readonly page?: { readonly number: number; readonly size: number };
  /** Keys of the rows whose being there, and whose order, the answer depends on. */
  readonly lists: readonly string[];
  /** The id of the one record that is asked about, whether or not it turns up in the answer. */
  readonly about?: string;
}

/** An answer that was remembered, with the includes it was asked with. */
export interface Remembered {
  readonly kind: Question['kind'];
  readonly answer: Answer;
  readonly include: readonly string[];
}

/** A call that several may be waiting for. */
export interface Flight {
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal | undefined;
  /** When the caller it is made for began to wait; left out where that is now. */
  readonly since?: number;
  /** The call goes out now. */
  sent(): void;
}

export type Ask = (flight: Flight) => Promise<Answer>;

/** What was made of answers, as long as asking the same would be told the same. */
export interface Conclusion {
  readonly value: unknown;
}

/** What one operation is told from memory. */
export interface Recollection {
  /** The answer, from memory where it is there; else from a call, one for all who ask the same at once. */
  read(question: Question, ask: Ask): Promise<Answer>;
  /**
   * Hands over what is remembered of one record, the youngest first. `use` says whether that was enough; where it was, a call
   * has been saved.
   */
  recall(type: string, id: string, use: (remembered: readonly Remembered[]) => boolean): Promise<boolean>;
  /** Calls that would have been made without a memory. */
  readonly saved: number;
  /** The answer, where it is here and good for some seconds more; asks nobody. */
  peek(question: Question): Answer | undefined;
  /** Whether anything is here of this address, whatever was asked there, or of one that it may be where an id in it is open. */
  hears(question: Question): boolean;
  /** Whether anything is here of a record with this id, of whatever type. */
  holds(id: string): boolean;
  /**
   * Keeps what was made of all that this operation was told, for operations of the same name. Only where everything came
   * from memory; the value must depend on nothing else, and never be changed.
   */
  conclude(name: string, value: unknown): void;
  /** What was concluded under this name, if this operation would be told the very same; it counts as told then. */
  conclusion(name: string): Conclusion | undefined | Promise<Conclusion | undefined>;
  /** How old the oldest answer is that was served because the quota allowed no new one; undefined where there is none. */
  readonly staleSeconds: number | undefined;
}

/** What was read before and need not be asked again, as far as it can be told at once. */
export interface Known {
  /** Whether this very call, include and all, would be answered without reaching Freshsales. */
  isKnown(call: Call): boolean;
  /** Whether it could be: in parts, or by a record that came along with others. */
  mayBeKnown(call: Call): boolean;
  /** The rows of a small list, where they are known: lookups by their path, views as `contacts/filters`. */
  list(path: string): readonly Row[] | undefined;
}

export interface RecollectionOptions {
  readonly signal?: AbortSignal | undefined;
  /** `agent` unless said otherwise. */
  readonly lane?: Lane | undefined;
  /** Take nothing that was read before now. */
  readonly fresh?: boolean | undefined;
}

/** Remembers answers, for one key. */
export interface Memory {
  open(options: RecollectionOptions): Recollection;
  /** Takes note of a write: what it made stale is not served again. */
  forget(change: Change): Promise<void>;
}

/** Remembers nothing. */
export const noMemory: Memory = {
  open: ({ signal }) => ({
    read: (_question, ask) => ask({ signal, sent() {} }),
    recall: async () => false,
    peek: () => undefined,
    hears: () => false,
    holds: () => false,
    conclude() {},
    conclusion: () => undefined,
    saved: 0,
    staleSeconds: undefined,
  }),
  forget: async () => {},
};
