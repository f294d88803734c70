import { expect, it } from 'vitest';
import { appointmentAttendeeTable, appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { salesActivityType } from '../../src/resources/sales-activity/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { world } from './world.ts';

const ALEX = 31000148397;
const CONTACT = 31016358306;
const about = { targetable_type: 'Contact', targetable_id: CONTACT };
const targetables = [{ id: String(CONTACT), type: 'Contact' }];
const span = { from_date: '2026-07-01T10:00:00+05:30', end_date: '2026-07-01T11:00:00' };

it('makes a task and tells of nothing else', async () => {
  const { post, sandbox } = world();
  const task = {
    ...about,
    title: 'Call',
    due_date: '2026-07-01',
    status: 1,
    task_users_attributes: [{ user_id: ALEX + 1 }],
  };
  const { status, body } = await post('/tasks', { task });
  expect([status, Object.keys(body), body.task?.user_ids]).toEqual([201, ['task'], undefined]);
  expect(sandbox.get(taskType, String(body.task?.id))).toMatchObject({
    ...{ title: 'Call', due_date: '2026-07-01T00:00:00+02:00', status: 0, completed_date: null, targetables },
    ...{ owner_id: String(ALEX), user_ids: [String(ALEX), String(ALEX + 1)] },
  });
  const asked = await post('/tasks?include=owner,users,targetable', { task: { ...task, targetable_type: 'contact' } });
  expect(Object.keys(asked.body)).toEqual(['users', 'contacts', 'task']);
  expect(asked.body.task).toMatchObject({ user_ids: [ALEX, ALEX + 1], targetable: { type: 'contact', id: CONTACT } });
});

it('completes a task, with or without the moment', async () => {
  const { put, sandbox } = world();
  const write = (task: object) => put('/tasks/31001298018', { task });
  const { body } = await write({ status: 1 });
  expect(Object.keys(body)).toEqual(expect.arrayContaining(['users', 'task']));
  expect(Object.keys(body).length).toBe(3);
  expect(body.task).toMatchObject({ status: 1, completed_date: '2026-06-15T12:00:00+02:00' });
  expect((await write({ status: 0 })).body.task).toMatchObject({ status: 0, completed_date: null });
  sandbox.behaviours.completedDateFilled = false;
  expect((await write({ status: 1 })).body.task).toMatchObject({ status: 1, completed_date: null });
  expect((await write({ status: 3 })).status).toBe(400);
});

it('lets colleagues go from a task', async () => {
  const { put, sandbox } = world();
  const users = () => sandbox.get(taskType, '31001298018')?.user_ids;
  const [owner] = users() ?? [];
  await put('/tasks/31001298018', { task: { task_users_attributes: [{ user_id: String(ALEX + 2) }] } });
  expect(users()).toContain(String(ALEX + 2));
  await put('/tasks/31001298018', { task: { task_users_attributes: [{ user_id: ALEX + 2, _destroy: true }] } });
  expect(users()).toEqual([owner]);
});

it.each([
  ['tasks', 'task', {}, ["Title can't be blank", "Due date can't be blank", "Targetable can't be blank"]],
  ['tasks', 'task', { ...about, title: 'x', due_date: 'whenever' }, ["Due date can't be blank"]],
  [
    'tasks',
    'task',
    { title: 'x', due_date: '2026-07-01', targetable_type: 'User', targetable_id: ALEX },
    ['Targetable type is not included in the list'],
  ],
  [
    'tasks',
    'task',
    { title: 'x', due_date: '2026-07-01', targetable_type: 'deal', targetable_id: 1 },
    ["Targetable doesn't exist"],
  ],
  ['appointments', 'appointment', {}, ["Title can't be blank", "From date can't be blank", "End date can't be blank"]],
  ['appointments', 'appointment', { ...span, title: 'x', time_zone: 'Asia/Kolkata' }, ['Not a supported time zone']],
  ['notes', 'note', { ...about, description: '' }, ["Description can't be empty"]],
  ['notes', 'note', { description: 'x' }, ["Targetable can't be blank"]],
  [
    'sales_activities',
    'sales_activity',
    about,
    [
      "Title can't be blank",
      "Start date can't be blank",
      "End date can't be blank",
      "Sales activity type can't be blank",
    ],
  ],
])('refuses %s that say %s %j', async (path, one, given, messages) => {
  const { post } = world();
  const { status, body } = await post(`/${path}`, { [one]: given });
  expect([status, body.errors?.message]).toEqual([400, messages]);
});

it('makes an appointment with its guests', async () => {
  const { post, put, sandbox } = world();
  const appointment_attendees_attributes = [
    { attendee_type: 'FdMultitenant::User', attendee_id: String(ALEX) },
    { attendee_type: 'Contact', attendee_id: String(CONTACT) },
  ];
  const { status, body } = await post('/appointments?include=targetable', {
    appointment: {
      ...about,
      ...span,
      title: 'Demo',
      time_zone: 'Chennai',
      is_allday: false,
      appointment_attendees_attributes,
    },
  });
  expect(status).toBe(201);
  expect(Object.keys(body)).toEqual(
    expect.arrayContaining(['appointment_attendees', 'conferences', 'notes', 'contacts']),
  );
  const id = String(body.appointment?.id);
  const row = sandbox.get(appointmentType, id);
  expect(row).toMatchObject({
    from_date: '2026-07-01T06:30:00+02:00',
    end_date: '2026-07-01T11:00:00+02:00',
    targetables,
  });
  const guests = () =>
    sandbox
      .get(appointmentType, id)
      ?.appointment_attendee_ids?.map((one) => sandbox.get(appointmentAttendeeTable, one)?.attendee);
  expect(guests()).toEqual([
    { type: 'user', id: String(ALEX) },
    { type: 'contact', id: String(CONTACT) },
  ]);
  const [first] = row?.appointment_attendee_ids ?? [];
  const change = [
    { id: first, _destroy: true },
    { attendee_type: 'Contact', attendee_id: CONTACT + 1 },
    appointment_attendees_attributes[1],
  ];
  const changed = await put(`/appointments/${id}`, {
    appointment: { appointment_attendees_attributes: change, title: 'Again' },
  });
  // Unlike the create, an update shows the target unasked.
  expect(changed.body.appointment?.targetable).toEqual({ type: 'contact', id: CONTACT });
  expect(guests()).toEqual([
    { type: 'contact', id: String(CONTACT) },
    { type: 'contact', id: String(CONTACT + 1) },
  ]);
  const unknown = { appointment_attendees_attributes: [{ attendee_type: 'Contact', attendee_id: 1 }] };
  expect((await put(`/appointments/${id}`, { appointment: unknown })).body.errors?.message).toEqual([
    "Attendee doesn't exist",
  ]);
});

it('shows the newest note on what it is about', async () => {
  const { post, put, del, sandbox } = world();
  const recent = () => sandbox.get(contactType, '31016359003')?.recent_note;
  const note = { targetable_type: 'Contact', targetable_id: '31016359003' };
  const first = await post('/notes', { note: { ...note, description: 'One' } });
  const second = await post('/notes?include=creater', { note: { ...note, description: '<p>Two</p>' } });
  expect([first.status, Object.keys(second.body), recent()]).toEqual([200, ['users', 'note'], '<p>Two</p>']);
  await put(`/notes/${String(second.body.note?.id)}`, { note: { description: 'Three' } });
  expect(recent()).toBe('Three');
  expect((await del(`/notes/${String(second.body.note?.id)}`)).body).toEqual({ success: '200' });
  expect([recent(), sandbox.get(noteType, String(second.body.note?.id))]).toEqual(['One', undefined]);
});

it('makes a sales activity, and dates the last contact', async () => {
  const { post, put, sandbox } = world();
  const times = { start_date: '2026-06-01T10:00:00Z', end_date: '2026-06-01T11:00:00Z' };
  const { status, body } = await post('/sales_activities', {
    sales_activity: { ...about, ...times, title: 'Visit', sales_activity_type_id: 31000559503 },
  });
  expect(status).toBe(200);
  const id = String(body.sales_activity?.id);
  expect(sandbox.get(salesActivityType, id)).toMatchObject({
    ...{ targetables, targetable_id: String(CONTACT), targetable_type: 'Contact', status: false, completed_date: null },
    conversation_time: '2026-06-01T13:00:00+02:00',
  });
  expect(sandbox.get(contactType, String(CONTACT))).toMatchObject({
    last_contacted_sales_activity_mode: 'Site visit',
    last_contacted_via_sales_activity: '2026-06-01T13:00:00+02:00',
  });
  await put(`/sales_activities/${id}`, { sales_activity: { status: true, notes: null } });
  expect(sandbox.get(salesActivityType, id)).toMatchObject({
    status: true,
    completed_date: '2026-06-15T12:00:00+02:00',
  });
});

it.each(['tasks/31001298018', 'appointments/31001461431', 'notes/31004348670', 'sales_activities/31000274656'])(
  'deletes %s for good',
  async (path) => {
    const { put, del, sandbox } = world();
    const recordType = recordTypes.find((one) => path.startsWith(`${one.path}/`));
    expect((await del(`/${path}`)).body).toEqual({ success: '200' });
    expect(recordType && sandbox.get(recordType, path.split('/')[1] ?? '')).toBe(undefined);
    for (const answer of [
      await del(`/${path}`),
      await put(`/${path}`, { title: 'x' }),
      await put(`/${path}/restore`, {}),
    ])
      expect(answer.status).toBe(404);
  },
);

it('never gives an id twice', async () => {
  const { post, del } = world({ seed: false });
  const { body } = await post('/contacts', { contact: { email: 'a@moss.example' } });
  const make = async (): Promise<unknown> =>
    (await post('/notes', { note: { targetable_type: 'Contact', targetable_id: body.contact?.id, description: 'x' } }))
      .body.note?.id;
  const first = await make();
  await del(`/notes/${String(first)}`);
  expect(await make()).not.toBe(first);
});

it('takes the main records without their wrapper', async () => {
  const { post } = world();
  const bodies = {
    sales_accounts: { name: 'Bare' },
    deals: { name: 'Bare', amount: 1 },
    tasks: { ...about, title: 'Bare', due_date: '2026-07-01' },
    appointments: { ...span, title: 'Bare' },
    notes: { ...about, description: 'Bare' },
  };
  for (const [path, body] of Object.entries(bodies))
    expect([path, (await post(`/${path}`, body)).status]).toEqual([path, expect.toSatisfy((status) => status < 300)]);
});

it.each(['abc', '0', '1', '%2F'])('knows nothing to write by the id %s', async (id) => {
  const { put, del } = world();
  for (const { path, name } of recordTypes) {
    if (name === 'Lead') continue;
    expect([name, (await put(`/${path}/${id}`, {})).status, (await del(`/${path}/${id}`)).status]).toEqual([
      name,
      404,
      404,
    ]);
  }
});
