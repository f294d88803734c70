import { inTurn } from '../quota/meters.ts';
import type { Guard } from '../records/context.ts';
import type { Caller } from './caller.ts';
import type { Policy } from './policy.ts';
import { createSessionGuard } from './session-guard.ts';

/** What stands between one operation of a caller and Freshsales: the door, and the caller's share of the calls. */
export function createGuard({ allowance }: Caller, policy: Policy): Guard {
  const { gate, guard, proofOf } = createSessionGuard(policy);
  return { meter: inTurn(gate, allowance), guard, proofOf };
}
