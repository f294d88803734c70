const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const minutesOf = (zone: string): number => {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
};

/** A time as Freshsales writes it: in seconds, with the account's offset. */
export function stamp(time: Date, zone: string): string {
  const local = new Date(time.getTime() + minutesOf(zone) * MINUTE);
  return `${local.toISOString().slice(0, 19)}${zone}`;
}

/** The current time as Freshsales writes it. */
export const stampNow = ({ now, zone }: { readonly now: () => Date; readonly zone: string }): string =>
  stamp(now(), zone);

/** A timestamp in the account's offset. Returns other values unchanged. */
export function restamp(value: string, zone: string): string {
  if (value.endsWith(zone)) return value;
  const time = Date.parse(value);
  return value.includes('T') && Number.isFinite(time) ? stamp(new Date(time), zone) : value;
}

/** The calendar day in the account's time zone, as `2026-01-31`. */
export const dayOf = (time: Date, zone: string): string => stamp(time, zone).slice(0, 10);

export const addDays = (time: Date, days: number): Date => new Date(time.getTime() + days * DAY);

/** Whole days between two times. */
export const daysBetween = (from: string, to: Date): number => Math.floor((to.getTime() - Date.parse(from)) / DAY) || 0;
