import type { ReadOne } from '../record-type.ts';

/** Reads a record by its id. */
export const readOne = (): ReadOne => ({ name: 'read-one' });
