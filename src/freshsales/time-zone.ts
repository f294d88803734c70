/** An IANA name such as `Europe/Berlin`, or an offset such as `+05:30`. */
export type TimeZone = string;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

/** True if it names a time zone that this runtime knows, or is an offset of at most 14 hours. */
export function isTimeZone(text: string): boolean {
  if (/^[+-]/.test(text)) return offsetOf(text) !== undefined;
  try {
    return /^[A-Za-z][\w+/-]*$/.test(text) && clockOf(text) !== undefined;
  } catch {
    return false;
  }
}

/** An offset in milliseconds. Undefined if the text is none. */
export function offsetOf(text: string): number | undefined {
  if (/^(z|utc|gmt)$/i.test(text)) return 0;
  const [, sign, hours = '', minutes = '0'] = OFFSET.exec(text) ?? [];
  if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The UTC time of a local time in a zone, both in milliseconds. A time that the clock skips is taken as after the change. */
export function toUtc(local: number, zone: TimeZone): number {
  const fixed = offsetOf(zone);
  if (fixed !== undefined) return local - fixed;
  const utc = local - offsetAt(zone, local - offsetAt(zone, local));
  // West of Greenwich, a skipped time comes out as before the change.
  return utc + Math.max(0, local - toLocal(utc, zone));
}

/** The UTC time at which a day begins in a zone. Some clocks skip midnight, and some show it twice. */
function startOf(midnight: number, zone: TimeZone): number {
  const earliest = toUtc(midnight, zone) - HOUR;
  return toLocal(earliest, zone) === midnight ? earliest : toUtc(midnight, zone);
}

/**
 * The first and the last second of a day in a zone, for values of which only the day counts. UTC stands for an unknown zone:
 * hours around noon are on the same day in all of them.
 */
export function toWireDay(day: string, zone: TimeZone): { first: string; last: string } {
  if (zone === 'UTC') return { first: `${day}T11:00:00+00:00`, last: `${day}T12:00:00+00:00` };
  const start = Date.parse(`${day}T00:00:00Z`);
  return { first: stampAt(startOf(start, zone), zone), last: stampAt(startOf(start + DAY, zone) - 1000, zone) };
}

/** A UTC time as `2026-06-21T00:00:00+02:00`. */
function stampAt(utc: number, zone: TimeZone): string {
  const minutes = Math.round((toLocal(utc, zone) - utc) / 60_000);
  const digits = (value: number) => String(value).padStart(2, '0');
  const offset = `${digits(Math.floor(Math.abs(minutes) / 60))}:${digits(Math.abs(minutes) % 60)}`;
  return `${new Date(toLocal(utc, zone)).toISOString().slice(0, 19)}${minutes < 0 ? '-' : '+'}${offset}`;
}

/** The local time of a UTC time in a zone, both in milliseconds. */
export const toLocal = (utc: number, zone: TimeZone): number => utc + (offsetOf(zone) ?? offsetAt(zone, utc));

/** The offset of a named zone at a UTC time. */
function offsetAt(zone: string, utc: number): number {
  const parts = new Map(
    clockOf(zone)
      .formatToParts(utc)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(utc / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than using it. */
function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(zone, clock);
  return clock;
}
