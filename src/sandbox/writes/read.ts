import { type Cast, Refusal } from './cast.ts';
import type { Draft } from './draft.ts';

/** An attribute as it will be stored; `undefined` if it was not sent, or is refused. */
export function read(draft: Draft, attribute: string, cast: Cast): unknown {
  if (!draft.sent(attribute)) return undefined;
  const { account, before, given } = draft;
  const value = cast(given[attribute], { account, column: attribute, before: before?.[attribute] });
  if (!(value instanceof Refusal)) return value;
  draft.refuse(value.message, attribute);
  return undefined;
}
