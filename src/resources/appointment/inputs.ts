import { recordInput } from '../../mutations/record-input.ts';
import { type FieldContext, flag, idAt, moment, ref, text, type Writable } from '../../mutations/writable.ts';
import { isGid, parseGid } from '../../records/gid.ts';
import { targetFields, writeTarget } from '../target.ts';

/** Attendee types as spelled in the API reference (QUIRKS 54). */
const ATTENDEES: Readonly<Record<string, string>> = { User: 'FdMultitenant::User', Contact: 'Contact', Lead: 'Lead' };

/** Rails nested attributes: they add, and never remove. Ids are strings, as in the official sample. */
const attendeeIds: Writable<readonly string[]> = {
  type: ['ID'],
  column: 'appointment_attendees_attributes',
  refersTo: Object.keys(ATTENDEES),
  empty: [],
  description:
    'Attendees to add. Removing attendees is not known to work in Freshsales. Takes global ids of users, contacts or leads (Classic); a Freshsales id is read as a user id.',
  write: (values, { path, draft }) => {
    const attendees = values.flatMap((given, index) => {
      const at = [...path, String(index)];
      const type = isGid(given) ? parseGid(given).type : 'User';
      const attendee_type = ATTENDEES[type];
      if (attendee_type === undefined) {
        draft.refuse(at, `Attendees must be users, contacts or leads, but ${given} has type ${type}.`);
        return [];
      }
      const id = idAt(type, given, { path: at, draft });
      return id === undefined ? [] : [{ attendee_type, attendee_id: id }];
    });
    draft.columns.appointment_attendees_attributes = attendees;
  },
};

const writable = {
  title: text('title', 'Title.', { needed: true }),
  description: text('description', 'Description.'),
  location: text('location', 'Location.'),
  startsAt: moment('from_date', 'Start time.', { needed: true }),
  endsAt: moment('end_date', 'End time.', { needed: true }),
  isAllDay: flag('is_allday', 'True for an all-day appointment.'),
  timeZone: text('time_zone', 'Rails time zone name, such as Chennai or Berlin. IANA names are rejected.'),
  outcomeId: ref('SalesActivityOutcome', 'outcome_id', 'Outcome.'),
  latitude: text('latitude', 'Latitude of the location, in degrees north.'),
  longitude: text('longitude', 'Longitude of the location, in degrees east.'),
  checkedInAt: moment('checkedin_at', 'Time of check-in.'),
  attendeeIds,
  ...targetFields,
};

interface Times {
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
  readonly timeZone?: string | null;
}

/** IANA zones of places contain a slash, Rails zones do not (QUIRKS 54). */
function checkTimes({ startsAt, endsAt, timeZone }: Times, { path, draft }: FieldContext): void {
  if (startsAt && endsAt && endsAt < startsAt)
    draft.refuse([...path, 'endsAt'], 'endsAt is before startsAt. An appointment must end after it starts.');
  if (timeZone?.includes('/'))
    draft.refuse([...path, 'timeZone'], 'Use a Rails time zone name, for example Berlin instead of Europe/Berlin.');
}

const target = writeTarget({ needed: false });

export const CreateAppointmentInput = recordInput('CreateAppointmentInput', writable, {
  description: 'Fields of a new appointment.',
  required: ['title', 'startsAt', 'endsAt'],
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});

export const UpdateAppointmentInput = recordInput('UpdateAppointmentInput', writable, {
  description: 'Fields of an appointment to change. Omitted fields are left unchanged; null clears a field.',
  check: (values, spot) => {
    checkTimes(values, spot);
    target(values, spot);
  },
});
