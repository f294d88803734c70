import { toWireDay } from '../../freshsales/time-zone.ts';
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

/** A day of an all-day appointment. Freshsales keeps it as a time. */
const wholeDay = (
  { column, bound, other }: { column: string; bound: 'first' | 'last'; other: string },
  description: string,
): Writable<string> => ({
  type: 'Date',
  column,
  description,
  kind: 'time',
  ignoresNull: true,
  write: (day, { path, draft }) => {
    const { columns } = draft;
    if (column in columns) draft.refuse(path, `Provide either ${other} or ${path.at(-1)}, not both.`);
    if (columns.is_allday === false)
      draft.refuse(path, 'An appointment that is not all-day needs startsAt and endsAt.');
    columns.is_allday = true;
    columns[column] = toWireDay(day, draft.timeZone)[bound];
  },
});

const days = {
  startsOn: wholeDay(
    { column: 'from_date', bound: 'first', other: 'startsAt' },
    'First day of an all-day appointment. Sets isAllDay. Cannot be combined with startsAt.',
  ),
  endsOn: wholeDay(
    { column: 'end_date', bound: 'last', other: 'endsAt' },
    'Last day of an all-day appointment. Sets isAllDay. Cannot be combined with endsAt.',
  ),
};

const details = {
  title: text('title', 'Title.', { needed: true }),
  description: text('description', 'Description.'),
  location: text('location', 'Location.'),
  timeZone: text('time_zone', 'Rails time zone name, such as Chennai or Berlin. IANA names are rejected.'),
  outcomeId: ref('SalesActivityOutcome', 'outcome_id', 'Outcome.'),
  latitude: text('latitude', 'Latitude of the location, in degrees north.'),
  longitude: text('longitude', 'Longitude of the location, in degrees east.'),
  checkedInAt: moment('checkedin_at', 'Time of check-in.'),
  attendeeIds,
  ...targetFields,
};

const writable = {
  ...details,
  startsAt: moment('from_date', 'Start time.', { needed: true }),
  endsAt: moment('end_date', 'End time.', { needed: true }),
  isAllDay: flag('is_allday', 'True for an all-day appointment.'),
};

interface Times {
  readonly startsAt?: Date | null;
  readonly endsAt?: Date | null;
  readonly startsOn?: string | null;
  readonly endsOn?: string | null;
  readonly timeZone?: string | null;
}

/** IANA zones of places contain a slash, Rails zones do not (QUIRKS 54). */
function checkTimes(times: Times, { path, draft }: FieldContext): void {
  const { startsAt, endsAt, startsOn, endsOn, timeZone } = times;
  if (startsAt && endsAt && endsAt < startsAt)
    draft.refuse([...path, 'endsAt'], 'endsAt is before startsAt. An appointment must end after it starts.');
  if (startsOn && endsOn && endsOn < startsOn)
    draft.refuse([...path, 'endsOn'], 'endsOn is before startsOn. An appointment must end after it starts.');
  if ((startsOn && endsAt) || (startsAt && endsOn))
    draft.refuse([...path, startsOn ? 'endsAt' : 'endsOn'], 'Provide both ends as days, or both as times.');
  if (timeZone?.includes('/'))
    draft.refuse([...path, 'timeZone'], 'Use a Rails time zone name, for example Berlin instead of Europe/Berlin.');
}

const target = writeTarget({ needed: false });

const check = (values: Times & Parameters<typeof target>[0], spot: FieldContext): void => {
  checkTimes(values, spot);
  target(values, spot);
};

export const CreateAppointmentInput = recordInput('CreateAppointmentInput', writable, {
  description: 'Fields of a new appointment.',
  required: ['title', 'startsAt', 'endsAt'],
  check,
});

export const CreateAllDayAppointmentInput = recordInput(
  'CreateAllDayAppointmentInput',
  { ...details, ...days },
  {
    description: 'Fields of a new all-day appointment. Without endsOn it takes one day.',
    required: ['title', 'startsOn'],
    check: (values, spot) => {
      const { startsOn, endsOn } = values;
      if (startsOn && !endsOn) days.endsOn.write(startsOn, { ...spot, path: [...spot.path, 'endsOn'] });
      check(values, spot);
    },
  },
);

export const UpdateAppointmentInput = recordInput(
  'UpdateAppointmentInput',
  { ...writable, ...days },
  {
    description: 'Fields of an appointment to change. Omitted fields are left unchanged; null clears a field.',
    check,
  },
);
