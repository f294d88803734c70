import type { Behaviours } from './behaviours.ts';
import type { Store } from './store.ts';

export type Product = 'suite' | 'classic';

/** One Freshsales account, as every route sees it. */
export interface Account {
  readonly product: Product;
  readonly store: Store;
  readonly behaviours: Behaviours;
  readonly now: () => Date;
  /** The offset that timestamps go out with. The Suite recordings have the user's, Classic has `Z`. */
  readonly zone: string;
  /** Path of the pages people see, to which records link. */
  readonly uiBase: string;
}

/** Whose API key it is: Alex Morgan, as in the recordings. */
export const API_USER = '31000148397';

/** Columns of a row on their way out. */
export type Columns = Record<string, unknown>;

export const isObject = (value: unknown): value is Columns =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
