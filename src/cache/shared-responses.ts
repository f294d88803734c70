import type { Change } from '../freshsales/change.ts';
import type { Answer, Question } from '../freshsales/memory.ts';
import type { Changes } from './invalidation.ts';
import type { Kept } from './responses.ts';

/** An answer as another machine read it. */
export interface SharedAnswer {
  readonly answer: Answer;
  /** What that machine asked. */
  readonly asked: Question;
  readonly readAt: number;
  readonly position: number;
}

/** Makes of a found answer what is wanted, or undefined where it will not do. */
export type Accept<T> = (found: SharedAnswer) => T | undefined;

/** Either the answer is found, or this machine is to make the call, while the others wait for it. */
export interface Lead<T> {
  readonly found?: T | undefined;
  /** The call has been answered. */
  publish(kept: Kept): Promise<void>;
  /** The call has failed: somebody else may try. */
  giveUp(): Promise<void>;
}

/** Answers and changes that several machines have in common. No method fails: without the others, each goes on by itself. */
export interface SharedResponses {
  /** The log that is to be kept up to date with everybody's changes. */
  join(changes: Changes): void;
  /** Learns what others have changed. To be awaited before an answer is trusted. */
  sync(): Promise<void>;
  announce(change: Change): Promise<void>;
  /** Rejects only where the signal does. */
  find<T>(
    scope: string,
    question: Question,
    options: { accept: Accept<T>; signal: AbortSignal | undefined },
  ): Promise<Lead<T>>;
}
