import type { RecordSandbox } from '../sandbox/account.ts';
import { appointmentSandbox } from './appointment/sandbox.ts';
import { contactSandbox } from './contact/sandbox.ts';
import { dealSandbox } from './deal/sandbox.ts';
import { leadSandbox } from './lead/sandbox.ts';
import { noteSandbox } from './note/sandbox.ts';
import { productSandbox } from './product/sandbox.ts';
import { salesAccountSandbox } from './sales-account/sandbox.ts';
import { salesActivitySandbox } from './sales-activity/sandbox.ts';
import { taskSandbox } from './task/sandbox.ts';

/** How the sandbox plays each record type. */
export const sandboxes: readonly RecordSandbox[] = [
  contactSandbox,
  salesAccountSandbox,
  dealSandbox,
  leadSandbox,
  taskSandbox,
  appointmentSandbox,
  noteSandbox,
  salesActivitySandbox,
  productSandbox,
];
