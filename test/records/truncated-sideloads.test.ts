import { describe, expect, test } from 'vitest';
import { appointmentAttendeeTable, appointmentType } from '../../src/resources/appointment/record.ts';
import { contactType } from '../../src/resources/contact/record.ts';
import { noteType } from '../../src/resources/note/record.ts';
import { taskType } from '../../src/resources/task/record.ts';
import { openCrowd, page, search, VIEWS } from './crowd.ts';

const single = (requests: readonly string[]) => requests.filter((each) => /^GET \/contacts\/\d+\?/.test(each));

describe('rows that a side-load was cut short of', () => {
  test('are searched for by the account they belong to', async () => {
    const { ask, plan } = openCrowd(25, { behaviours: { truncateSideloadsAt: 2 } });
    const query = `{ salesAccounts(view: ${VIEWS.sales_accounts}) { nodes { deals { nodes { name } } } } }`;
    const { upperBound } = await plan(query);
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual((await openCrowd(25).ask(query)).data);
    expect(requests).toEqual([page('sales_accounts', 'deals'), search('deal')]);
    expect(requests.length).toBeLessThanOrEqual(upperBound ?? 0);
  });

  test('are searched for by the accounts of the contacts they came with', async () => {
    const { ask } = openCrowd(25, { behaviours: { truncateSideloadsAt: 2 } });
    const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { salesAccounts { nodes { name } } deals { nodes { name } } } } }`;
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual((await openCrowd(25).ask(query)).data);
    expect(requests).toEqual([page('contacts', 'sales_accounts,deals'), search('deal')]);
  });

  test('are found in their lists', async () => {
    const { ask } = openCrowd(25, { behaviours: { truncateSideloadsAt: 2 } });
    const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { tasks { nodes { title } } } } }`;
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual((await openCrowd(25).ask(query)).data);
    expect(requests).toEqual([
      page('contacts', 'tasks'),
      'GET /tasks?page=1&per_page=100&filter=open',
      'GET /tasks?page=1&per_page=100&filter=completed',
    ]);
  });

  test('are read with each parent where there are few of them, or their lists are long', async () => {
    const { ask, made, sandbox } = openCrowd(9, { behaviours: { truncateSideloadsAt: 1 } });
    const due_date = '2099-01-01T00:00:00Z';
    for (let index = 0; index < 900; index += 1)
      sandbox.put(taskType, { title: `Other ${index}`, status: index % 2, due_date });
    const query = `{ contacts(view: ${VIEWS.contacts}) { nodes { tasks { nodes { title } } } } }`;
    const { errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(single(requests).toSorted().slice(0, 3)).toEqual(
      made
        .slice(1)
        .map(({ contact }) => `GET /contacts/${contact}?include=tasks`)
        .toSorted()
        .slice(0, 3),
    );
  });
});

describe('rows that cannot be read by themselves are not lost', () => {
  const notes = (count: number) => ({ nodes: Array.from({ length: count }, () => ({ description: 'Noted' })) });
  const openNotes = (each: number) => {
    const world = openCrowd(2, { behaviours: { truncateSideloadsAt: 1 } });
    for (const { contact } of world.made)
      for (let index = 0; index < each; index += 1)
        world.sandbox.put(noteType, { description: 'Noted', targetables: [{ type: 'Contact', id: contact }] });
    return world;
  };
  const below = (id: string | undefined) => `GET /contacts/${id}/notes?include=creater&page=1&per_page=100`;

  test('where a page cut short is one note short of some', async () => {
    const { ask, made } = openNotes(1);
    const { data, errors, requests } = await ask(
      `{ contacts(view: ${VIEWS.contacts}) { nodes { notes { nodes { description } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({ contacts: { nodes: [{ notes: notes(1) }, { notes: notes(1) }] } });
    expect(requests).toEqual([page('contacts', 'notes'), `GET /contacts/${made[1]?.contact}?include=notes`]);
  });

  test('where the record itself is answered with too few', async () => {
    const { ask, made, plan } = openNotes(3);
    const id = made[0]?.contact;
    const query = `{ contact(id: ${id}) { notes { nodes { description } } } }`;
    const { upperBound } = await plan(query);
    const { data, errors, requests } = await ask(query);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ contact: { notes: notes(3) } });
    expect(requests).toEqual([`GET /contacts/${id}?include=notes`, below(id)]);
    expect(upperBound).toBeGreaterThanOrEqual(2);
  });

  test('nor are attendees of appointments', async () => {
    const { ask, sandbox } = openCrowd(0, { behaviours: { truncateSideloadsAt: 1 } });
    const day = '2101-01-01T10:00:00Z';
    const meetings = ['a', 'b'].map((title) => {
      const contact = sandbox.put(contactType, { display_name: `Guest ${title}` });
      const attendee = sandbox.put(appointmentAttendeeTable, { attendee: { type: 'contact', id: contact.id } });
      const at = { from_date: day, end_date: day, targetables: [{ type: 'Contact', id: contact.id }] };
      return sandbox.put(appointmentType, { title, ...at, appointment_attendee_ids: [attendee.id] });
    });
    const { data, errors, requests } = await ask(
      '{ appointments(filter: UPCOMING) { nodes { title attendees { ... on Contact { displayName } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      appointments: { nodes: ['a', 'b'].map((title) => ({ title, attendees: [{ displayName: `Guest ${title}` }] })) },
    });
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatch(new RegExp(`^GET /appointments/(${meetings.map(({ id }) => id).join('|')})\\?`));
  });
});
