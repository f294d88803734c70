import { expect } from 'vitest';
import { openOffice } from './office.ts';

/** A mutation that is wrong, the path of what is, and how it is told. */
export type Refusal = readonly [mutation: string, field: string, code: string, message: RegExp];

/** It is refused before a call, at its place, once, and with what would be right. */
export async function expectRefused([mutation, field, code, message]: Refusal): Promise<void> {
  const { sandbox, ask } = openOffice();
  const { data, errors } = await ask(`mutation { it: ${mutation} { userErrors { field code message } } }`);
  expect(errors).toBeUndefined();
  const problem = { field: field.split('.'), code, message: expect.stringMatching(message) };
  expect(data).toEqual({ it: { userErrors: [problem] } });
  expect(sandbox.requests).toEqual([]);
}
