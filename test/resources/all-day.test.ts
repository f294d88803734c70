import { describe, expect, test } from 'vitest';
import { toWireDay } from '../../src/freshsales/time-zone.ts';
import { appointmentType } from '../../src/resources/appointment/record.ts';
import { openOffice } from '../mutations/office.ts';

describe('the days of an appointment', () => {
  const read = '{ appointment(id: 601) { isAllDay startsOn endsOn } }';

  test.each([
    ['2026-06-21T00:00:00+02:00', '2026-06-22T23:59:59+02:00'],
    ['2026-06-21T00:00:00+05:30', '2026-06-22T23:59:59+05:30'],
    ['2026-06-21T00:00:00-06:00', '2026-06-22T23:59:59-06:00'],
    ['2026-06-21', '2026-06-22'],
  ])('are those of the clock in the response: %s', async (from_date, end_date) => {
    const { sandbox, ask } = openOffice();
    const appointment = { id: 601, is_allday: true, from_date, end_date };
    sandbox.failNext(/^GET .appointments.601/, { status: 200, body: { appointment } });
    sandbox.failNext(/^GET .appointments/, { status: 200, body: { appointments: [appointment], meta: { total: 1 } } });
    const { data, errors } = await ask(read);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ appointment: { isAllDay: true, startsOn: '2026-06-21', endsOn: '2026-06-22' } });
  });

  test('are null for an appointment with times', async () => {
    const { ask } = openOffice();
    expect((await ask(read)).data).toEqual({ appointment: { isAllDay: false, startsOn: null, endsOn: null } });
  });
});

describe('days as input', () => {
  test('change an appointment to an all-day one', async () => {
    const { sandbox, ask } = openOffice();
    const { data } = await ask(
      'mutation { it: updateAppointment(id: 601, input: { startsOn: "2026-07-01", endsOn: "2026-07-01" }) { appointment { isAllDay startsOn endsOn } userErrors { code } } }',
    );
    const days = { isAllDay: true, startsOn: '2026-07-01', endsOn: '2026-07-01' };
    expect(data).toEqual({ it: { appointment: days, userErrors: [] } });
    expect(sandbox.get(appointmentType, '601')?.is_allday).toBe(true);
  });

  test('may lack the last day of a new appointment', async () => {
    const { ask } = openOffice();
    const { data } = await ask(
      'mutation { it: createAllDayAppointment(input: { title: "Fair", startsOn: "2026-07-01" }) { appointment { startsOn endsOn } userErrors { code } } }',
    );
    expect(data).toEqual({ it: { appointment: { startsOn: '2026-07-01', endsOn: '2026-07-01' }, userErrors: [] } });
  });

  test.each([
    ['startsOn: "2026-07-01", startsAt: "2026-07-01T09:00:00Z"', 'startsOn'],
    ['endsOn: "2026-07-01", endsAt: "2026-07-01T09:00:00Z"', 'endsOn'],
    ['startsOn: "2026-07-01", endsAt: "2026-07-02T09:00:00Z"', 'endsAt'],
    ['startsAt: "2026-07-01T09:00:00Z", endsOn: "2026-07-02"', 'endsOn'],
    ['startsOn: "2026-07-02", endsOn: "2026-07-01"', 'endsOn'],
    ['startsOn: "2026-07-02", isAllDay: false', 'startsOn'],
  ])('are refused with %s', async (input, field) => {
    const { data, requests } = await openOffice().ask(
      `mutation { it: updateAppointment(id: 601, input: { ${input} }) { userErrors { field code } } }`,
    );
    expect(data).toMatchObject({ it: { userErrors: [{ field: ['input', field], code: 'INVALID' }] } });
    expect(requests).toEqual([]);
  });

  test.each([
    ['Europe/Berlin', '2026-07-01T00:00:00+02:00', '2026-07-01T23:59:59+02:00'],
    ['America/New_York', '2026-07-01T00:00:00-04:00', '2026-07-01T23:59:59-04:00'],
    ['+05:30', '2026-07-01T00:00:00+05:30', '2026-07-01T23:59:59+05:30'],
    ['UTC', '2026-07-01T11:00:00+00:00', '2026-07-01T12:00:00+00:00'],
  ])('are sent in the zone of the account: %s', (zone, first, last) => {
    expect(toWireDay('2026-07-01', zone)).toEqual({ first, last });
  });

  test.each([
    ['has no midnight', 'Africa/Cairo', '2026-04-24', '2026-04-24T01:00:00+03:00', '2026-04-24T23:59:59+03:00'],
    ['has no midnight', 'America/Havana', '2026-03-08', '2026-03-08T01:00:00-04:00', '2026-03-08T23:59:59-04:00'],
    ['has two midnights', 'America/Havana', '2026-11-01', '2026-11-01T00:00:00-04:00', '2026-11-01T23:59:59-05:00'],
    [
      'comes before one without a midnight',
      'America/Havana',
      '2026-03-07',
      '2026-03-07T00:00:00-05:00',
      '2026-03-07T23:59:59-05:00',
    ],
    ['has 25 hours', 'Africa/Cairo', '2026-10-29', '2026-10-29T00:00:00+03:00', '2026-10-29T23:59:59+02:00'],
    ['has 23 hours', 'Europe/Berlin', '2026-03-29', '2026-03-29T00:00:00+01:00', '2026-03-29T23:59:59+02:00'],
  ])('keep to a day that %s: %s %s', (_what, zone, day, first, last) => {
    expect(toWireDay(day, zone)).toEqual({ first, last });
  });
});
