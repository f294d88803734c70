import { createContextCache } from '@pothos/core';
import type { ExecutionArgs } from 'graphql';
import { capabilitiesOf } from '../records/capabilities.ts';
import type { Context } from '../records/context.ts';
import { planOperation } from './plan.ts';
import type { Plan } from './planned-call.ts';

/** An operation that is about to run. */
export type Planned = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> & {
  readonly contextValue: Context;
};

const plans = createContextCache((_context: Context) => new WeakMap<object, { readonly plan: Plan | undefined }>());

/** The plan of an operation that is about to run, with what is known already; made once, whoever asks for it. */
export function planOf({ schema, document, operationName, variableValues, contextValue }: Planned): Plan | undefined {
  const made = plans(contextValue).get(document);
  if (made) return made.plan;
  const { registry, known, idempotencyKey } = contextValue;
  const seen = capabilitiesOf(contextValue);
  const plan = planOperation(
    schema,
    { document, operationName, variables: variableValues },
    {
      ...{ registry, known, seen },
      ...(idempotencyKey !== undefined && { mayBeDone: true }),
    },
  );
  plans(contextValue).set(document, { plan });
  return plan;
}
