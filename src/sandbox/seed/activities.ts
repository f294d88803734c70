import type { Identified, Targetable } from '../../freshsales/resource.ts';
import { appointmentAttendeeTable, appointmentType } from '../../resources/appointment/record.ts';
import { noteType } from '../../resources/note/record.ts';
import { salesActivityType } from '../../resources/sales-activity/record.ts';
import { taskType } from '../../resources/task/record.ts';
import { API_USER } from '../account.ts';
import { documentLinkTable, documentTable } from '../routes/files.ts';
import { MOODS } from './custom-fields.ts';
import type { SeedContext } from './random.ts';
import { MEETINGS, NOTES, TASKS } from './words.ts';

/** Records that activities can be about. */
interface Records {
  readonly accounts: readonly Identified[];
  readonly contacts: readonly Identified[];
  readonly deals: readonly Identified[];
}

/** A target for a task, usually a contact. */
function target({ random }: SeedContext, { accounts, contacts, deals }: Records): Targetable {
  if (random.chance(0.6)) return { type: 'Contact', id: random.pick(contacts).id };
  return random.chance(0.5)
    ? { type: 'Deal', id: random.pick(deals).id }
    : { type: 'SalesAccount', id: random.pick(accounts).id };
}

/** Tasks, appointments, sales activities, notes and documents. */
export function seedActivities(context: SeedContext, records: Records): void {
  for (let index = 0; index < 200; index += 1) addTask(context, records, index);
  for (let index = 0; index < 120; index += 1) addAppointment(context, records, index);
  for (let index = 0; index < 250; index += 1) addNote(context, records, index);
  for (let index = 0; index < 60; index += 1) addSalesActivity(context, records, index);
  const about = [{ type: 'Contact', id: records.contacts[0]?.id ?? '' }];
  const base = { created_at: context.day(-3), creater_id: API_USER, targetables: about };
  const url = 'https://sandbox.example/files/brochure.pdf';
  context.put(documentTable, { ...base, id: '31000009586', url, name: 'brochure.pdf' });
  context.put(documentLinkTable, { ...base, id: '31000009600', url: `${url}#link`, name: 'Spec', is_shared: true });
}

/** One task. Every fourth is completed. */
function addTask(context: SeedContext, records: Records, index: number): void {
  const { put, random, day, owner } = context;
  // Due from two days ago to a month ahead, so that some are always due today and tomorrow.
  const due = (index % 33) - 2;
  const done = index % 4 === 3;
  put(taskType, {
    id: String(31_001_298_018 + index),
    title: random.pick(TASKS),
    description: random.chance(0.5) ? 'As agreed on the telephone.' : null,
    status: done ? 1 : 0,
    completed_date: done ? day(due - 1, 15) : null,
    due_date: day(due, 18),
    owner_id: owner(),
    task_type_id: index % 3 === 0 ? '31000179229' : null,
    targetables: [target(context, records)],
    created_at: day(due - 20),
    updated_at: day(due - 10),
  });
}

/** One meeting of a user with a contact. The first sixty are in the past. */
function addAppointment(context: SeedContext, records: Records, index: number): void {
  const { put, random, day, owner } = context;
  const on = index - 60;
  const about = target(context, records);
  const guests = [
    { type: 'user', id: owner() },
    { type: 'contact', id: about.type === 'Contact' ? about.id : random.pick(records.contacts).id },
  ];
  const attendees = guests.map((attendee, at) =>
    put(appointmentAttendeeTable, { id: String(31_000_500_001 + index * 2 + at), attendee }),
  );
  put(appointmentType, {
    id: String(31_001_461_431 + index),
    title: random.pick(MEETINGS),
    description: random.chance(0.5) ? 'On the second floor.' : null,
    location: random.chance(0.4) ? 'Hamburg' : null,
    time_zone: random.pick(['UTC', 'Berlin', 'Arizona']),
    outcome_id: on < 0 && random.chance(0.6) ? '31002091461' : null,
    from_date: day(on, 10),
    end_date: day(on, 11),
    targetables: [about],
    appointment_attendee_ids: attendees.map(({ id }) => id),
    created_at: day(on - 30),
    updated_at: day(on - 5),
  });
}

/** One note. Each is a day older than the last. */
function addNote(context: SeedContext, records: Records, index: number): void {
  const { put, random, day, owner } = context;
  put(noteType, {
    id: String(31_004_348_670 + index),
    description: random.pick(NOTES),
    creater_id: owner(),
    targetables: [target(context, records)],
    created_at: day(-index),
    updated_at: day(-index),
  });
}

/** One visit, the only custom activity type. */
function addSalesActivity(context: SeedContext, records: Records, index: number): void {
  const { put, day, owner, random } = context;
  put(salesActivityType, {
    id: String(31_000_274_656 + index),
    title: `Visit ${index + 1}`,
    notes: random.chance(0.5) ? 'Showed the new release.' : null,
    start_date: day(index - 50, 12),
    end_date: day(index - 50, 13),
    owner_id: owner(),
    sales_activity_type_id: '31000559503',
    sales_activity_outcome_id: random.chance(0.5) ? '31002448415' : null,
    status: index < 50,
    targetables: [target(context, records)],
    custom_field: {
      cf_mood: MOODS[index % 4] ?? null,
      cf_follow_up_on: index % 2 === 0 ? day(index - 40).slice(0, 10) : null,
      cf_distance: index % 3 === 0 ? `${index}.5` : null,
    },
    created_at: day(index - 70),
    updated_at: day(index - 50),
  });
}
