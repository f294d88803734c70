import type { Fallback } from '../schema/relation.ts';
import type { JoinByTarget } from './strategies/join-by-target.ts';

/** What is known of a relation whose include is not honoured everywhere. */
export interface RelationOptions {
  /** How to read the rows of one record instead. */
  readonly fallback?: Fallback;
  /** Nobody has seen the include work, so that the fallback has to be reckoned with. */
  readonly doubtful?: true;
  /** How the rows of many records are found in lists of their own. */
  readonly joined?: JoinByTarget;
}

const relations = new Map<string, RelationOptions>();

interface Named {
  readonly name: string;
}

export function registerRelation({ name }: Named, include: string, options: RelationOptions): void {
  relations.set(`${name} ${include}`, options);
}

const NONE: RelationOptions = {};

/** What is known of the relation that an include of a record type brings. */
export const relationOptions = ({ name }: Named, include: string): RelationOptions =>
  relations.get(`${name} ${include}`) ?? NONE;
