import type { Guard } from '../context.ts';
import { inTurn } from '../quota/in-turn.ts';
import type { Caller } from './caller.ts';
import { createDoor } from './door.ts';
import type { Policy } from './policy.ts';

/** What stands between one operation of a caller and Freshsales: the door, and the caller's share of the calls. */
export function createGuard({ allowance }: Caller, policy: Policy): Guard {
  const { gate, guard, proofOf } = createDoor(policy);
  return { meter: inTurn(gate, allowance), guard, proofOf };
}
