import { escapeJson } from '../../terminal.ts';
import type { AuditLine } from './audit-event.ts';

/** What is longer is cut, so that no request writes much more than another. */
export const MAX_LINE_BYTES = 16_000;

/** The longest text and the longest list, tried in this order until the line fits. */
const STEPS = [
  { text: 2000, items: 1200 },
  { text: 500, items: 200 },
  { text: 200, items: 20 },
  { text: 40, items: 3 },
] as const;

type Step = (typeof STEPS)[number];

/** The line, with texts and lists cut as far as it takes to fit. */
export function fitLine(line: AuditLine): AuditLine {
  let fitted = line;
  for (const step of STEPS) {
    const { value, isCut } = cut(line, step);
    fitted = isCut ? { ...(value as AuditLine), truncated: true } : line;
    if (Buffer.byteLength(escapeJson(JSON.stringify(fitted))) <= MAX_LINE_BYTES) break;
  }
  return fitted;
}

function cut(value: unknown, step: Step): { value: unknown; isCut: boolean } {
  if (typeof value === 'string' && value.length > step.text)
    return { value: `${value.slice(0, step.text)}…`, isCut: true };
  if (typeof value !== 'object' || value === null) return { value, isCut: false };
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const kept = isList ? entries.slice(0, step.items) : entries;
  const parts = kept.map(([key, each]) => [key, cut(each, step)] as const);
  return {
    value: isList
      ? parts.map(([, part]) => part.value)
      : Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    isCut: kept.length < entries.length || parts.some(([, part]) => part.isCut),
  };
}
