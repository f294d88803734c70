import { type Draft, defineSandbox, isObject, type Step } from '../../sandbox/account.ts';
import { addDays, stamp } from '../../sandbox/clock.ts';
import { className, idsOf, targetablesOf, targetLink } from '../../sandbox/links.ts';
import { queryOf } from '../../sandbox/paging.ts';
import { type ListOrder, listFiltered } from '../../sandbox/routes/records.ts';
import { bareRecord, targetableOf } from '../../sandbox/shapes.ts';
import type { Row } from '../../sandbox/store.ts';
import type { Passes } from '../../sandbox/views.ts';
import { columns, flag, moment, reference, text, wrongType } from '../../sandbox/writes/cast.ts';
import { idOf, objectsOf, rowOf } from '../../sandbox/writes/draft.ts';
import { targetStep } from '../../sandbox/writes/target.ts';
import { appointmentType } from './record.ts';

/** Time zones by Rails name. Freshsales accepts these for appointments, and refuses names such as `Asia/Kolkata`. */
const TIME_ZONES: ReadonlySet<string> = new Set(
  `
  International Date Line West · Midway Island · American Samoa · Hawaii · Alaska · Pacific Time (US & Canada) · Tijuana
  Mountain Time (US & Canada) · Arizona · Chihuahua · Mazatlan · Central Time (US & Canada) · Saskatchewan · Guadalajara
  Mexico City · Monterrey · Central America · Eastern Time (US & Canada) · Indiana (East) · Bogota · Lima · Quito
  Atlantic Time (Canada) · Caracas · La Paz · Santiago · Asuncion · Newfoundland · Brasilia · Buenos Aires · Montevideo · Georgetown
  Puerto Rico · Greenland · Mid-Atlantic · Azores · Cape Verde Is. · Dublin · Edinburgh · Lisbon · London · Casablanca
  Monrovia · UTC · Belgrade · Bratislava · Budapest · Ljubljana · Prague · Sarajevo · Skopje · Warsaw · Zagreb · Brussels
  Copenhagen · Madrid · Paris · Amsterdam · Berlin · Bern · Zurich · Rome · Stockholm · Vienna · West Central Africa
  Bucharest · Cairo · Helsinki · Kyiv · Riga · Sofia · Tallinn · Vilnius · Athens · Istanbul · Minsk · Jerusalem · Harare
  Pretoria · Kaliningrad · Moscow · St. Petersburg · Volgograd · Samara · Kuwait · Riyadh · Nairobi · Baghdad · Tehran
  Abu Dhabi · Muscat · Baku · Tbilisi · Yerevan · Kabul · Ekaterinburg · Islamabad · Karachi · Tashkent · Chennai · Kolkata
  Mumbai · New Delhi · Kathmandu · Dhaka · Sri Jayawardenepura · Almaty · Astana · Novosibirsk · Rangoon · Bangkok · Hanoi
  Jakarta · Krasnoyarsk · Beijing · Chongqing · Hong Kong · Urumqi · Kuala Lumpur · Singapore · Taipei · Perth · Irkutsk
  Ulaanbaatar · Seoul · Osaka · Sapporo · Tokyo · Yakutsk · Darwin · Adelaide · Canberra · Melbourne · Sydney · Brisbane
  Hobart · Vladivostok · Guam · Port Moresby · Magadan · Srednekolymsk · Solomon Is. · New Caledonia · Fiji · Kamchatka
  Marshall Is. · Auckland · Wellington · Nuku'alofa · Tokelau Is. · Chatham Is. · Samoa
  `
    .trim()
    .split(/ · |\n\s*/),
);

const zone: Step = (draft) => {
  const { time_zone } = draft.changes;
  if (typeof time_zone === 'string' && !TIME_ZONES.has(time_zone)) draft.refuse('Not a supported time zone');
};

/** Types of attendees. Users have another class name in Freshsales. */
const GUESTS = new Set(['User', 'Contact', 'Lead']);

interface Guest {
  readonly type: string;
  readonly id: string;
}

/** Attendees are added and removed one at a time. */
const attendees: Step = (draft) => {
  if (!draft.sent('appointment_attendees_attributes')) return;
  const items = objectsOf(draft.given.appointment_attendees_attributes ?? []);
  if (!items) return draft.refuse(wrongType('appointment_attendees_attributes'));
  const rows = draft.account.store.of('AppointmentAttendee');
  const gone = new Set(items.filter(({ _destroy }) => _destroy === true).map(({ id }) => idOf(id)));
  const stay = idsOf(draft.before?.appointment_attendee_ids).filter((id) => !gone.has(id));
  const invited = items.filter(({ _destroy }) => _destroy !== true).map((item) => guestOf(draft, item));
  if (draft.problems.length > 0) return;
  const ids = invited.flatMap((guest) => {
    if (!guest) return [];
    const known = stay.find((id) => same(rows.get(id)?.attendee, guest));
    if (known) return [];
    const id = draft.account.store.nextId('AppointmentAttendee');
    rows.insert({ id, attendee: guest });
    return [id];
  });
  draft.set({ appointment_attendee_ids: [...stay, ...ids] });
};

function guestOf(draft: Draft, item: { [key: string]: unknown }): Guest | undefined {
  const name = className(
    draft.account,
    String(item.attendee_type ?? '')
      .replace('FdMultitenant::User', 'User')
      .replace(/^user$/, 'User'),
  );
  const row = GUESTS.has(name) ? rowOf(draft.account, name, item.attendee_id) : undefined;
  if (!row) draft.refuse("Attendee doesn't exist");
  return row && { type: name.toLowerCase(), id: row.id };
}

const same = (attendee: unknown, guest: Guest): boolean =>
  isObject(attendee) && attendee.type === guest.type && attendee.id === guest.id;

const ends = (row: Row): number => Date.parse(String(row.end_date));
const filters: Readonly<Record<string, Passes>> = {
  past: (row, { now }) => ends(row) < now().getTime(),
  // One account was seen to list meetings that were over for a year.
  upcoming: (row, { now, behaviours }) => behaviours.upcomingKeepsPast || ends(row) >= now().getTime(),
};

/** As recorded: past appointments from the latest to the earliest, all others the other way round. */
const orderOf = (filter: string): ListOrder =>
  filter === 'past'
    ? { column: 'end_date', direction: 'desc', isReversed: true }
    : { column: 'end_date', direction: 'asc' };

const between = { conferences: [], notes: [] };

export const appointmentSandbox = defineSandbox(
  appointmentType,
  {
    columns: {
      ...columns('time_zone title description location latitude longitude', text()),
      is_allday: flag,
      ...columns('from_date end_date checkedin_at', moment),
      outcome_id: reference('SalesActivityOutcome'),
    },
    steps: [
      (draft) => draft.require('title', "Title can't be blank"),
      (draft) => draft.require('from_date', "From date can't be blank"),
      (draft) => draft.require('end_date', "End date can't be blank"),
      zone,
      targetStep,
      attendees,
    ],
    attributes: ['appointment_attendees_attributes', 'targetable_id', 'targetable_type'],
  },
  {
    columns: { always: ['creater_id'], suiteOnly: ['targetables'], rare: ['note_id'] },
    fill: (row, _given, account) => {
      const tomorrow = stamp(addDays(account.now(), 1), account.zone);
      return {
        ...targetablesOf(account, row),
        from_date: row.from_date || tomorrow,
        end_date: row.end_date || row.from_date || tomorrow,
        provider: row.provider || 'freshsales',
        can_checkin: true,
        can_checkin_checkout: true,
        appointment_attendee_ids: row.appointment_attendee_ids ?? [],
      };
    },
    links: [targetLink('appointment_ids')],
    hasMiniRows: true,
    kept: ['appointment_attendee_ids'],
    sideRow: (account, row) => ({
      ...bareRecord(account, appointmentType, row),
      appointment_attendee_ids: row.appointment_attendee_ids ?? [],
      targetable: targetableOf(row),
    }),
    bring: (side, { store }, ids) => {
      const outcomes = ids.map((id) => String(store.of('Appointment').get(id)?.outcome_id ?? ''));
      side.add('outcomes', outcomes, false);
      side.addOfMany(appointmentType, ids, 'appointment_attendees');
      side.add('conferences', [], false);
    },
    timeline: {
      type: 'APPOINTMENT_CREATED',
      column: 'appointment_ids',
      shows: ['title', 'description', 'from_date', 'end_date', 'time_zone'],
    },
    read: { always: ['appointment_attendees', 'creater', 'targetable'], between },
    created: { always: ['appointment_attendees'], between, status: 201 },
    updated: { always: ['appointment_attendees', 'targetable'], between },
    instead: (row) => ({ note_id: row.note_id ?? null }),
    routes: (api, ui, account) => {
      api.get('/appointments', (c) => listFiltered(account, appointmentType, queryOf(c.req.url), { filters, orderOf }));
      // Outside the API root the filter is always optional.
      ui.get('/appointments', (c) =>
        listFiltered(account, appointmentType, queryOf(c.req.url), { filters, orderOf, isOptional: true }),
      );
    },
  },
);
