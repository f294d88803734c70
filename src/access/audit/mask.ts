/** What may be kept out of the audit log: what records are called, and what their columns changed from and to. */
export const MASKS = ['names', 'values'] as const;

export type Mask = (typeof MASKS)[number];

export const MASKED = '•••';
