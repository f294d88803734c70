import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTimeZone } from '../../src/freshsales/time-zone.ts';
import { toBoolean, toDay, toDecimal, toInt, toList, toMap, toTime } from '../../src/freshsales/values.ts';

const NOON = '2026-12-31T12:00:00.000Z';

describe('a time', () => {
  test.each<readonly [cell: unknown, value: unknown]>([
    ['2026-12-31T12:00:00.000Z', NOON],
    ['2026-12-31T12:00:00Z', NOON],
    ['2026-12-31T17:30:00+05:30', NOON],
    ['2026-12-31T17:30:00+0530', NOON],
    ['2026-12-31T07:00:00-05:00', NOON],
    ['2026-12-31 12:00:00 UTC', NOON],
    ['2026-12-31 17:30:00 +0530', NOON],
    ['2026-12-31T12:00Z', NOON],
    ['2026-12-31T12:00:00.123456Z', '2026-12-31T12:00:00.123Z'],
    ['Thu, 31 Dec 2026 12:00:00 GMT', NOON],
    ['31/12/2026 12:00:00Z', NOON],
    ['12-31-2026 12:00:00Z', NOON],
    [1798718400, NOON],
    ['1798718400', NOON],
    [1798718400000, NOON],
    ['1798718400000', NOON],
    [1798718400.5, '2026-12-31T12:00:00.500Z'],
    ['2026-12-31', '2026-12-31T00:00:00.000Z'],
    [new Date(NOON), NOON],
    ...[null, undefined, '', ' ', '0000-00-00', '0000-00-00 00:00:00', '0001-01-01T00:00:00Z', 0, '0'].map(
      (cell) => [cell, null] as const,
    ),
    ...[
      '05/06/2026',
      '2026-02-30',
      '2026-13-01',
      '2026-12-31T25:00:00Z',
      '2026-12-31T12:00:00 CET',
      'soon',
      'null',
    ].map((cell) => [cell, undefined] as const),
    ...[true, {}, [], Number.NaN, Number.POSITIVE_INFINITY, -1, 12, '99999-01-01', 'x'.repeat(100_000)].map(
      (cell) => [cell, undefined] as const,
    ),
    [new Date(Number.NaN), undefined],
  ])('%j is %j', (cell, time) => {
    expect(toTime(cell)).toBe(time);
  });

  test.each([
    ['2026-12-31T12:00:00', 'UTC', NOON],
    ['2026-12-31T17:30:00', 'Asia/Kolkata', NOON],
    ['2026-12-31 17:30:00', '+05:30', NOON],
    ['2026-12-31T13:00:00', 'Europe/Berlin', NOON],
    ['2026-07-01T14:00:00', 'Europe/Berlin', '2026-07-01T12:00:00.000Z'],
    ['2026-12-31T07:00:00', 'America/New_York', NOON],
    // The clock goes from 2 to 3 on this day, and from 3 to 2 on the other.
    ['2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25T04:00:00', 'Europe/Berlin', '2026-10-25T03:00:00.000Z'],
    ['2026-12-31', 'Asia/Kolkata', '2026-12-30T18:30:00.000Z'],
    // An offset of its own counts.
    ['2026-12-31T12:00:00Z', 'Asia/Kolkata', NOON],
    [1798718400, 'Asia/Kolkata', NOON],
  ])('%j in %s is %s', (cell, zone, time) => {
    expect(toTime(cell, zone)).toBe(time);
  });

  test('does not depend on the zone of the server', () => {
    const script = `
      import { toDay, toTime } from './src/freshsales/values.ts';
      const cells = ['2026-12-31T12:00:00', '2026-12-31', '2026-12-31 12:00', 1798718400, '31/12/2026'];
      console.log(JSON.stringify([cells.map((cell) => toTime(cell)), cells.map((cell) => toDay(cell))]));`;
    const run = (TZ: string) =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
    const times = [NOON, '2026-12-31T00:00:00.000Z', NOON, NOON, '2026-12-31T00:00:00.000Z'];
    const days = Array.from(times, () => '2026-12-31');
    for (const zone of ['Asia/Kolkata', 'America/Los_Angeles']) expect(JSON.parse(run(zone))).toEqual([times, days]);
  });

  test('is exact or nothing, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), fc.double(), fc.date().map(String)), (cell) => {
        const time = toTime(cell);
        if (typeof time === 'string') expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        const day = toDay(cell);
        if (typeof day === 'string') expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
      }),
    );
  });
});

describe('a day', () => {
  test.each<readonly [cell: unknown, value: unknown]>([
    ['2026-12-31', '2026-12-31'],
    ['2026/12/31', '2026-12-31'],
    ['2026-1-5', '2026-01-05'],
    ['20261231', '2026-12-31'],
    ['31/12/2026', '2026-12-31'],
    ['12/31/2026', '2026-12-31'],
    ['12-31-2026', '2026-12-31'],
    ['31.12.2026', '2026-12-31'],
    ['05/05/2026', '2026-05-05'],
    ['2026-12-31T23:30:00-05:00', '2026-12-31'],
    ['2026-12-31T00:30:00+14:00', '2026-12-31'],
    ['2026-12-31 10:00:00', '2026-12-31'],
    [1798718400, '2026-12-31'],
    ...['', null, '0000-00-00', '00/00/0000', '0001-01-01'].map((cell) => [cell, null] as const),
    ...['05/06/2026', '2026-02-30', '31/31/2026', '2026-12', 'today', 7, true, {}].map(
      (cell) => [cell, undefined] as const,
    ),
  ])('%j is %j', (cell, day) => {
    expect(toDay(cell)).toBe(day);
  });

  test('of an epoch is the day in the zone of the account', () => {
    expect(toDay(1798750800, 'Asia/Kolkata')).toBe('2027-01-01');
  });
});

describe('a decimal', () => {
  test.each<readonly [cell: unknown, value: unknown]>([
    ['5600.0', '5600.0'],
    [5600, '5600'],
    [0.1, '0.1'],
    ['-5.50', '-5.50'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['007', '7'],
    ['-0', '0'],
    [1e-7, '0.0000001'],
    ['1e-7', '0.0000001'],
    ['1.5E+3', '1500'],
    ['1.50e1', '15'],
    [1e21, '1000000000000000000000'],
    ['-1.2e-3', '-0.0012'],
    ['123456789012345678901234567890.12', '123456789012345678901234567890.12'],
    ['1,234.50', '1234.50'],
    ['1,234,567', '1234567'],
    ['1,234,567.8', '1234567.8'],
    ['1.234,50', '1234.50'],
    ['1.234.567', '1234567'],
    ...['', ' ', null].map((cell) => [cell, null] as const),
    ...['1,234', '1,23', '12,34.5', 'abc', '$5', '1e', '1e9999', '.', '-', true, {}, []].map(
      (cell) => [cell, undefined] as const,
    ),
    ...[Number.NaN, Number.POSITIVE_INFINITY, '9'.repeat(1000)].map((cell) => [cell, undefined] as const),
  ])('%j is %j', (cell, decimal) => {
    expect(toDecimal(cell)).toBe(decimal);
  });

  test('has the value of the number, and no exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const plain = toDecimal(number);
        expect(plain).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(plain)).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

test.each<readonly [cell: unknown, value: unknown]>([
  [5, 5],
  ['5', 5],
  ['5.0', 5],
  [' 7 ', 7],
  ['1,234', 1234],
  ['1e3', 1000],
  [-12, -12],
  ['', null],
  [null, null],
  ...['5.5', 2_147_483_648, 'abc', true, {}, []].map((cell) => [cell, undefined] as const),
])('%j is the whole number %j', (cell, number) => {
  expect(toInt(cell)).toBe(number);
});

test.each<readonly [cell: unknown, value: unknown]>([
  ...[true, 'true', 'TRUE', '1', 1, 'yes'].map((cell) => [cell, true] as const),
  ...[false, 'false', '0', 0, 'no'].map((cell) => [cell, false] as const),
  ...['', null].map((cell) => [cell, null] as const),
  ...['maybe', 2, {}, []].map((cell) => [cell, undefined] as const),
])('%j is the boolean %j', (cell, flag) => {
  expect(toBoolean(cell)).toBe(flag);
});

test.each<readonly [cell: unknown, value: unknown]>([
  [
    ['a', 'b'],
    ['a', 'b'],
  ],
  ['a;b', ['a', 'b']],
  ['a; b;', ['a', 'b']],
  ['a', ['a']],
  [7, ['7']],
  [
    [1, null, {}, 'x'],
    ['1', 'x'],
  ],
  ...[null, undefined, '', {}, true].map((cell) => [cell, []] as const),
])('%j is the list %j', (cell, list) => {
  expect(toList(cell)).toEqual(list);
});

test.each<readonly [cell: unknown, value: unknown]>([
  [{ cf_a: 1 }, { cf_a: 1 }],
  ['{"cf_a": 12345678901234567890}', { cf_a: '12345678901234567890' }],
  ...[null, '', 'text', '{broken', 7, [], ['a']].map((cell) => [cell, {}] as const),
])('%j is the map %j', (cell, map) => {
  expect(toMap(cell)).toEqual(map);
});

test.each<readonly [cell: unknown, value: unknown]>([
  ...['UTC', 'Asia/Kolkata', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', '+05:30', '-0800', '+14:00'].map(
    (zone) => [zone, true] as const,
  ),
  ...['', 'Mars', 'Berlin', '+15:00', '+5', 'utc+2', 'Europe/Berlin ', '../etc'].map((zone) => [zone, false] as const),
])('%j is a time zone: %j', (zone, isOne) => {
  expect(isTimeZone(String(zone))).toBe(isOne);
});
