import { type Account, type Columns, type Draft, isObject, objectsIn, type Step } from '../account.ts';
import { addresses } from '../match.ts';
import type { Row } from '../store.ts';
import { wrongType } from './cast.ts';
import { idOf } from './draft.ts';

/** One of several e-mail addresses or phone numbers. */
interface Point extends Columns {
  readonly id: string;
  readonly value: string;
  readonly is_primary: boolean;
}

/** First and last name, joined. */
export const fullName = (row: Columns): string =>
  [row.first_name, row.last_name].filter((part) => typeof part === 'string' && part !== '').join(' ');

/** The name of a person, or else the e-mail address. */
export const displayName = (row: Columns): string => fullName(row) || (typeof row.email === 'string' ? row.email : '');

/** Sets the primary address from the list of addresses, or the list from the address. */
export function fillEmails(row: Row): Columns {
  const listed = objectsIn(row.emails);
  if (listed.length > 0) {
    const main = listed.find(({ is_primary }) => is_primary === true) ?? listed[0];
    return {
      email: row.email || main?.value || null,
      emails: listed.map((email, index) => ({ id: `3101${row.id.slice(-6)}${index}`, ...email, _destroy: false })),
    };
  }
  if (typeof row.email !== 'string' || row.email === '') return { email: null, emails: [] };
  const only = { id: `3101${row.id.slice(-6)}0`, value: row.email, is_primary: true, label: null, _destroy: false };
  return { emails: [only] };
}

/** The attributes of a copy that replace stored addresses or numbers. */
export const pointValues = (points: unknown): unknown[] => objectsIn(points).map(({ value }) => value);

/** The addresses of a copy, unless it has its own. */
export const copiedEmails = (row: Row, overrides: Columns): Columns =>
  overrides.email !== undefined || overrides.emails !== undefined ? {} : { emails: pointValues(row.emails) };

/** The display name follows first and last name. */
export const displayNameStep: Step = (draft) => {
  const parts = ['first_name', 'last_name', 'email'].map((column) => [column, draft.value(column)]);
  draft.set({ display_name: displayName(Object.fromEntries(parts)) });
};

/** E-mail addresses: `email` or `emails`, as text, a list of texts, or a list of objects. */
export const emailStep: Step = (draft) => {
  const attribute = draft.sent('emails') ? 'emails' : 'email';
  if (!draft.sent(attribute)) return;
  const points = merge(draft, attribute, 'emails');
  if (!points) return draft.refuse(wrongType(attribute));
  for (const { value } of points) check(draft, value);
  draft.set({ emails: points, email: points.find(({ is_primary }) => is_primary)?.value ?? null });
};

/** Additional phone numbers, in the same formats. */
export const phoneNumberStep: Step = (draft) => {
  if (!draft.sent('phone_numbers')) return;
  const points = merge(draft, 'phone_numbers', 'phone_numbers');
  if (points) draft.set({ phone_numbers: points });
  else draft.refuse(wrongType('phone_numbers'));
};

/** Addresses must be valid and unique. */
function check(draft: Draft, value: string): void {
  const [, local = ''] = /^([^\s@"<>()]+)@(?:[\w-]+\.)+[a-z\d-]{2,}$/i.exec(value) ?? [];
  const isAddress = local !== '' && local.length <= 64;
  if (!isAddress) draft.refuse(`You have entered an invalid email address: ${value}`);
  const same = (address: unknown): boolean => String(address).toLowerCase() === value.toLowerCase();
  if (isAddress && draft.isTaken((row) => addresses(row).some(same))) draft.refuse(`${value} already exists.`);
}

/** The resulting list with exactly one primary entry; `undefined` if it cannot be read. */
function merge(draft: Draft, attribute: string, column: string): Point[] | undefined {
  const given = draft.given[attribute];
  const old = pointsOf(draft.before?.[column]);
  if (given === null || given === '') return [];
  const first = old.find(({ is_primary }) => is_primary);
  if (typeof given === 'string')
    return onePrimary([
      point(draft.account, { value: given, is_primary: true }, old),
      ...old.filter((one) => one !== first),
    ]);
  if (!Array.isArray(given)) return undefined;
  if (given.every((item) => typeof item === 'string'))
    return onePrimary(given.map((value, index) => point(draft.account, { value, is_primary: index === 0 }, old)));
  return given.every(isObject) ? onePrimary(mergeObjects(draft.account, given.filter(isObject), old)) : undefined;
}

/** Objects change, add and remove single entries. Others stay. */
function mergeObjects(account: Account, given: readonly Columns[], old: readonly Point[]): Point[] {
  let points = [...old];
  for (const item of given) {
    const known = find(item, points);
    if (item._destroy === true) points = points.filter((one) => one !== known);
    else {
      const written = point(account, { ...known, ...item }, points);
      const others = item.is_primary === true ? points.map((one) => ({ ...one, is_primary: false })) : points;
      points = known ? others.map((one) => (one.id === known.id ? written : one)) : [...others, written];
    }
  }
  return points;
}

const find = (item: Columns, points: readonly Point[]): Point | undefined =>
  points.find(({ id, value }) => (item.id ? id === idOf(item.id) : value === item.value));

/** One entry in the recorded format. An existing address keeps its id. */
function point(account: Account, item: Columns, old: readonly Point[]): Point {
  const value = String(item.value ?? '');
  const same = old.find(({ id }) => id === idOf(item.id)) ?? old.find((one) => one.value === value);
  const id = same?.id ?? account.store.nextId('ContactPoint');
  return { id, value, is_primary: item.is_primary === true, label: item.label ?? null, _destroy: false };
}

/** Merges duplicates. The first entry is primary if none, or more than one, is marked. */
function onePrimary(points: readonly Point[]): Point[] {
  const single = points.filter((one, index) => points.findIndex(({ value }) => value === one.value) === index);
  const primary = single.find(({ is_primary }) => is_primary) ?? single[0];
  return single.map((one) => ({ ...one, is_primary: one === primary }));
}

const pointsOf = (value: unknown): Point[] =>
  objectsIn(value).map((item) => ({
    ...item,
    id: String(item.id ?? ''),
    value: String(item.value ?? ''),
    is_primary: item.is_primary === true,
  }));
