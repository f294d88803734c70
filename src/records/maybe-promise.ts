import type { MaybePromise } from '@pothos/core';

export const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> => value instanceof Promise;

/**
 * Goes on with a value: at once where it is there, when it comes where it is promised. Most of what a field wants came with
 * the page, and each promise for it would cost more than the value.
 */
export const andThen = <T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> =>
  isPromise(value) ? value.then(next) : next(value);

/** All of them, in their order: at once where none is promised. */
export const all = <T>(values: readonly MaybePromise<T>[]): MaybePromise<T[]> =>
  values.some(isPromise) ? Promise.all(values) : (values as T[]);
