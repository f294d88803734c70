import { expect } from 'vitest';
import { appointmentType } from '../../../src/resources/appointment/record.ts';
import { noteType } from '../../../src/resources/note/record.ts';
import { salesActivityType } from '../../../src/resources/sales-activity/record.ts';
import { taskType } from '../../../src/resources/task/record.ts';
import { type Case, columns, latest } from '../case.ts';
import { ALEX, PRIYA } from '../office.ts';

const targets = (type: string, id: string) => [{ type, id }];

const taskCases: readonly Case[] = [
  {
    mutation: 'createTask',
    args: `input: { title: "Call Ben", dueAt: "2026-07-01T09:00:00+05:30", targetId: "gid://freshsales/Contact/102", collaboratorIds: ["${PRIYA}"], typeId: 31000179230 }`,
    select: 'task { title dueAt status target { ... on Contact { email } } owner { displayName } }',
    requests: ['POST /tasks?include=owner,targetable'],
    body: {
      task: {
        ...{ title: 'Call Ben', due_date: '2026-07-01T03:30:00+00:00', targetable_id: 102, targetable_type: 'Contact' },
        ...{ task_users_attributes: [{ user_id: Number(PRIYA) }], task_type_id: 31_000_179_230 },
      },
    },
    payload: {
      task: {
        ...{ title: 'Call Ben', dueAt: '2026-07-01T03:30:00.000Z', status: 'OPEN' },
        ...{ target: { email: 'ben@globex.example' }, owner: { displayName: 'Alex Morgan' } },
      },
    },
    look: latest(taskType, 'title', 'targetables', 'user_ids'),
    there: { title: 'Call Ben', targetables: targets('Contact', '102'), user_ids: [ALEX, PRIYA] },
  },
  {
    mutation: 'updateTask',
    args: 'id: 401, input: { status: OPEN, description: null, targetId: 301, targetType: DEAL }',
    select: 'task { status description target { ... on Deal { name } } }',
    requests: ['PUT /tasks/401?include=targetable'],
    body: { task: { description: null, status: 0, targetable_id: 301, targetable_type: 'Deal' } },
    payload: { task: { status: 'OPEN', description: null, target: { name: 'Big one' } } },
    look: columns(taskType, '401', 'title', 'targetables'),
    there: { title: 'Call Ada', targetables: targets('Deal', '301') },
  },
  {
    mutation: 'completeTask',
    args: 'id: 401',
    select: 'task { status completedAt owner { displayName } }',
    requests: ['PUT /tasks/401?include=owner'],
    body: { task: { status: 1 } },
    payload: { task: { status: 'COMPLETED', completedAt: expect.any(String), owner: { displayName: 'Alex Morgan' } } },
    look: columns(taskType, '401', 'status', 'title'),
    there: { status: 1, title: 'Call Ada' },
  },
  {
    mutation: 'deleteTask',
    args: 'id: 401',
    select: 'deletedTaskId',
    requests: ['DELETE /tasks/401'],
    payload: { deletedTaskId: 'gid://freshsales/Task/401' },
    look: columns(taskType, '401', 'id'),
    there: undefined,
  },
];

const appointmentCases: readonly Case[] = [
  {
    mutation: 'createAllDayAppointment',
    args: 'input: { title: "Fair", startsOn: "2026-07-01", endsOn: "2026-07-03" }',
    select: 'appointment { isAllDay startsOn endsOn }',
    requests: ['POST /appointments'],
    body: {
      appointment: {
        ...{ title: 'Fair', is_allday: true },
        ...{ from_date: '2026-07-01T11:00:00+00:00', end_date: '2026-07-03T12:00:00+00:00' },
      },
    },
    payload: { appointment: { isAllDay: true, startsOn: '2026-07-01', endsOn: '2026-07-03' } },
    look: latest(appointmentType, 'is_allday', 'from_date'),
    there: { is_allday: true, from_date: '2026-07-01T13:00:00+02:00' },
  },
  {
    mutation: 'createAppointment',
    args: `input: { title: "Demo", startsAt: "2026-07-01T09:00:00Z", endsAt: "2026-07-01T10:00:00Z", timeZone: "Berlin", attendeeIds: ["${PRIYA}", "gid://freshsales/Contact/101"], targetId: "gid://freshsales/Deal/301" }`,
    select:
      'appointment { title startsAt attendees { ... on User { displayName } ... on Contact { email } } target { ... on Deal { name } } }',
    requests: ['POST /appointments?include=appointment_attendees,targetable'],
    body: {
      appointment: {
        ...{ title: 'Demo', from_date: '2026-07-01T09:00:00+00:00', end_date: '2026-07-01T10:00:00+00:00' },
        ...{ time_zone: 'Berlin', targetable_id: 301, targetable_type: 'Deal' },
        appointment_attendees_attributes: [
          { attendee_type: 'FdMultitenant::User', attendee_id: PRIYA },
          { attendee_type: 'Contact', attendee_id: '101' },
        ],
      },
    },
    payload: {
      appointment: {
        ...{ title: 'Demo', startsAt: '2026-07-01T09:00:00.000Z', target: { name: 'Big one' } },
        attendees: [{ displayName: 'Priya Raman' }, { email: 'ada@acme.example' }],
      },
    },
    look: latest(appointmentType, 'title', 'targetables'),
    there: { title: 'Demo', targetables: targets('Deal', '301') },
  },
  {
    mutation: 'updateAppointment',
    args: 'id: 601, input: { location: "Room 5", isAllDay: true, targetId: null }',
    select: 'appointment { title location isAllDay target { __typename } }',
    requests: ['PUT /appointments/601?include=targetable'],
    body: { appointment: { location: 'Room 5', is_allday: true, targetable_id: null, targetable_type: null } },
    payload: { appointment: { title: 'Tea', location: 'Room 5', isAllDay: true, target: null } },
    look: columns(appointmentType, '601', 'location', 'targetables'),
    there: { location: 'Room 5', targetables: [] },
  },
  {
    mutation: 'deleteAppointment',
    args: 'id: 601',
    select: 'deletedAppointmentId',
    requests: ['DELETE /appointments/601'],
    payload: { deletedAppointmentId: 'gid://freshsales/Appointment/601' },
    look: columns(appointmentType, '601', 'id'),
    there: undefined,
  },
];

const noteCases: readonly Case[] = [
  {
    mutation: 'createNote',
    args: 'input: { description: "Wants a demo", targetId: 501, targetType: SALES_ACCOUNT }',
    // Freshsales answers with the class and id of what a note is about; its name is read.
    select: 'note { description target { ... on SalesAccount { name } } }',
    requests: ['POST /notes', 'GET /sales_accounts/501'],
    body: { note: { description: 'Wants a demo', targetable_id: 501, targetable_type: 'SalesAccount' } },
    payload: { note: { description: 'Wants a demo', target: { name: 'Acme' } } },
    look: latest(noteType, 'description', 'targetables'),
    there: { description: 'Wants a demo', targetables: targets('SalesAccount', '501') },
  },
  {
    mutation: 'updateNote',
    args: 'id: 801, input: { description: "Likes coffee" }',
    select: 'note { description }',
    requests: ['PUT /notes/801'],
    body: { note: { description: 'Likes coffee' } },
    payload: { note: { description: 'Likes coffee' } },
    look: columns(noteType, '801', 'description', 'targetables'),
    there: { description: 'Likes coffee', targetables: targets('Contact', '101') },
  },
  {
    mutation: 'deleteNote',
    args: 'id: 801',
    select: 'deletedNoteId',
    requests: ['DELETE /notes/801'],
    payload: { deletedNoteId: 'gid://freshsales/Note/801' },
    look: columns(noteType, '801', 'id'),
    there: undefined,
  },
];

const salesActivityCases: readonly Case[] = [
  {
    mutation: 'createSalesActivity',
    args: 'input: { title: "Lunch", startsAt: "2026-07-01T12:00:00Z", endsAt: "2026-07-01T13:00:00Z", typeId: 31000477934, targetId: "gid://freshsales/Contact/101", isCompleted: true }',
    select: 'salesActivity { title isCompleted type { name } owner { displayName } }',
    requests: ['POST /sales_activities?include=owner', 'GET /selector/sales_activity_types'],
    body: {
      sales_activity: {
        ...{ title: 'Lunch', start_date: '2026-07-01T12:00:00+00:00', end_date: '2026-07-01T13:00:00+00:00' },
        ...{ sales_activity_type_id: 31_000_477_934, status: true, targetable_id: 101, targetable_type: 'Contact' },
      },
    },
    payload: { salesActivity: { title: 'Lunch', isCompleted: true, type: { name: 'Phone' } } },
    look: latest(salesActivityType, 'title', 'status', 'targetables'),
    there: { title: 'Lunch', status: true, targetables: targets('Contact', '101') },
  },
  {
    mutation: 'updateSalesActivity',
    args: 'id: 901, input: { notes: "Went well", outcomeId: 31002091456 }',
    select: 'salesActivity { title notes }',
    requests: ['PUT /sales_activities/901'],
    body: { sales_activity: { notes: 'Went well', sales_activity_outcome_id: 31_002_091_456 } },
    payload: { salesActivity: { title: 'Visit', notes: 'Went well' } },
    look: columns(salesActivityType, '901', 'notes', 'title'),
    there: { notes: 'Went well', title: 'Visit' },
  },
  {
    mutation: 'deleteSalesActivity',
    args: 'id: 901',
    select: 'deletedSalesActivityId',
    requests: ['DELETE /sales_activities/901'],
    payload: { deletedSalesActivityId: 'gid://freshsales/SalesActivity/901' },
    look: columns(salesActivityType, '901', 'id'),
    there: undefined,
  },
];

/** Every mutation of one task, appointment, note or sales activity. */
export const activityCases = [...taskCases, ...appointmentCases, ...noteCases, ...salesActivityCases];
