import { type Account, API_USER, type Columns, type View } from './account.ts';
import { addDays, restamp } from './clock.ts';
import { isAlive } from './links.ts';
import { isExpired } from './writes/recycle.ts';

export type Passes = View['passes'];

export const mine: Passes = (row) => isAlive(row) && row.owner_id === API_USER;
export const binned =
  (name: string): Passes =>
  (row, account) =>
    !isAlive(row) && !isExpired(account, name, row.id);
export const never: Passes = () => false;
export const anywhere: Passes = (row) => isAlive(row);

/** The user of the API key belongs to the first territory. */
export const myTerritory: Passes = (row, { store }) =>
  isAlive(row) && typeof row.territory_id === 'string' && row.territory_id === store.of('Territory').query()[0]?.id;

export const within =
  (column: string, days: number): Passes =>
  (row, { now }) =>
    isAlive(row) && Date.parse(String(row[column])) >= addDays(now(), -days).getTime();

export const both =
  (a: Passes, b: Passes): Passes =>
  (row, account) =>
    a(row, account) && b(row, account);
export const not =
  (a: Passes): Passes =>
  (row, account) =>
    isAlive(row) && !a(row, account);

type Entry = readonly [name: string, isDefault: boolean, passes: Passes];

/** Views with consecutive ids, starting with the recorded one. */
export const numbered = (first: number, entries: readonly Entry[]): readonly View[] =>
  entries.map(([name, isDefault, passes], index) => ({ id: String(first + index), name, isDefault, passes }));

/** The views of a record type. Accounts of 2023 have no “All Deals”. */
export const viewsOf = ({ behaviours, types }: Account, name: string): readonly View[] =>
  (types.of(name)?.views ?? []).filter((view) => behaviours.allDealsView || view.name !== 'All Deals');

/** A view as listed by `filters`. */
export const describeView = ({ zone }: Account, model: string, { id, name, isDefault }: View): Columns => ({
  id: Number(id),
  name,
  model_class_name: model,
  user_id: 0,
  is_default: isDefault,
  updated_at: restamp('2023-03-09T07:44:39+01:00', zone),
  user_name: null,
  current_user_permissions: isDefault ? [] : ['read_edit_only', 'can_delete_only'],
});
