import type { Product } from '../../src/freshsales/products.ts';
import type { Exception } from './shape.ts';

/** A recorded answer, and the request that shall give the same shape. */
export interface Case {
  /** GET, or POST where there is a body, unless it is said. */
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** As recorded; 200 unless it is said. */
  readonly status?: number;
  readonly product?: Product;
  readonly except?: readonly Exception[];
}

export const CONTACT = '31016358306';
export const THREEFOLD = '31016359002';
export const ACCOUNT = '31003638274';
export const DEAL = '31001944158';
export const PRODUCT = '31000985825';
export const DOCUMENT = '31000039106';

export const older: Exception = {
  path: /^\.contact\.|^\.meta/,
  reason: 'Recorded in 2020; later recordings of contacts have other columns and meta null.',
};
export const olderRow: Exception = {
  path: /^\.sales_account\.|^\.deals\[\]\.collaboration|^\.meta/,
  reason: 'Recorded in 2020, before the columns, and with the token, of Classic.',
};
export const classicLead: Exception = {
  path: /^\.lead\.(emails|last_assigned_at|tags|is_deleted|team_user_ids|phone_numbers|appointment_ids)/,
  reason: 'The later live structure of leads has these columns.',
};
export const shortened: Exception = {
  path: /^\.contact\.\w+: too much|^\.contacts\[\]/,
  reason: 'The sample was cut short by its author.',
};

/** Columns that the sandbox sends and that no recording has, such as `{ path: /\.next_step: too much$/, reason: '…' }`. */
export const NEWER: readonly Exception[] = [];

/** What tasks, appointments and notes are written on. */
export const about = { targetable_type: 'Contact', targetable_id: Number(THREEFOLD) };
