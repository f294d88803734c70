import type { CustomFields } from '../../src/sandbox/seed/custom-fields.ts';

/** Field lists as the sandbox sends them. */
export const listsOf = (fields: CustomFields) =>
  Object.fromEntries(
    Object.entries(fields).map(([path, each]) => [
      path,
      each.map(({ suggest, choices = [], derive, ...line }, index) => ({
        ...line,
        id: String(index + 1),
        auto_suggest_url: suggest,
        choices: choices.map((value, at) => ({ id: `c${at}`, value })),
        actionable: derive === undefined,
      })),
    ]),
  );
