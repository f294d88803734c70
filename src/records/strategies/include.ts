import type { Include } from '../record-type.ts';

/** Related rows come along with their record. `doubtful`: no account has been seen to honour the include. */
export const include = (options: { doubtful?: true } = {}): Include => ({ name: 'include', ...options });
