import { appointmentRules } from './appointment.ts';
import { contactRules } from './contact.ts';
import { cpqDocumentRules } from './cpq-document.ts';
import { dealRules } from './deal.ts';
import { leadRules } from './lead.ts';
import { noteRules } from './note.ts';
import { productRules } from './product.ts';
import { salesAccountRules } from './sales-account.ts';
import { salesActivityRules } from './sales-activity.ts';
import { taskRules } from './task.ts';
import type { WriteRules } from './write-rules.ts';

/** How each record type is written, by the name of its table. */
const RULES: Readonly<Record<string, WriteRules>> = {
  Contact: contactRules,
  SalesAccount: salesAccountRules,
  Deal: dealRules,
  Lead: leadRules,
  Task: taskRules,
  Appointment: appointmentRules,
  Note: noteRules,
  SalesActivity: salesActivityRules,
  Product: productRules,
  CpqDocument: cpqDocumentRules,
};

const NOTHING: WriteRules = { columns: {}, steps: [] };

/** The rules of a table; rows of a table without any take no columns. */
export const rulesOf = (name: string): WriteRules => RULES[name] ?? NOTHING;
