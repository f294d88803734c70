import { isObject } from '../account.ts';
import { className } from '../derive.ts';
import { idsOf } from '../links.ts';
import { columns, flag, moment, reference, text, wrongType } from './cast.ts';
import { type Draft, idOf, objectsOf, rowOf, type Step } from './draft.ts';
import { targetStep } from './target.ts';
import { TIME_ZONES } from './time-zones.ts';
import type { WriteRules } from './write-rules.ts';

const zone: Step = (draft) => {
  const { time_zone } = draft.changes;
  if (typeof time_zone === 'string' && !TIME_ZONES.has(time_zone)) draft.refuse('Not a supported time zone');
};

/** Who may come; colleagues go by the class that they have in Freshsales. */
const GUESTS = new Set(['User', 'Contact', 'Lead']);

/** One more guest, or one less. */
interface Guest {
  readonly type: string;
  readonly id: string;
}

/** Guests are added and taken away one at a time. */
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

export const appointmentRules: WriteRules = {
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
};
