import type { Context, Hono } from 'hono';
import type { Resource } from '../../freshsales/resource.ts';
import { appointmentResource } from '../../resources/appointment/resource.ts';
import { noteResource } from '../../resources/note/resource.ts';
import { productResource } from '../../resources/product/resource.ts';
import { salesActivityResource } from '../../resources/sales-activity/resource.ts';
import { taskResource } from '../../resources/task/resource.ts';
import type { Account } from '../account.ts';
import { answerWritten, type Manner } from '../answer-written.ts';
import { answer, notFound, refuse } from '../answers.ts';
import { queryOf } from '../paging.ts';
import type { Row } from '../store.ts';
import { attributesIn, bodyOf } from '../writes/body.ts';
import { rowOf } from '../writes/draft.ts';
import { discard, restore } from '../writes/recycle.ts';
import { createRecord, updateRecord, type Written } from '../writes/write.ts';

/** What the answers of one record type have besides the record. */
interface Habit {
  readonly resource: Resource;
  readonly post?: Partial<Manner>;
  readonly put?: Partial<Manner>;
  readonly instead?: (row: Row) => Manner['instead'];
}

const MEETING: Partial<Manner> = { always: ['appointment_attendees'], between: { conferences: [], notes: [] } };

/** Record types that are made, changed and removed, and nothing else. */
const HABITS: readonly Habit[] = [
  {
    resource: taskResource,
    post: { status: 201 },
    put: { always: ['owner', 'creater', 'updater', 'targetable'] },
  },
  {
    resource: appointmentResource,
    post: { ...MEETING, status: 201 },
    put: MEETING,
    instead: (row) => ({ note_id: row.note_id ?? null }),
  },
  { resource: noteResource },
  { resource: salesActivityResource },
  { resource: productResource },
];

/** Tasks, appointments, notes, sales activities and products. */
export function activityWriteRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const habit of HABITS) {
    const { path } = habit.resource;
    api.post(`/${path}`, (c) => create(account, habit, c));
    api.put(`/${path}/:id`, (c) => update(account, habit, c));
    api.delete(`/${path}/:id`, (c) => remove(account, habit.resource, c));
  }
  api.put(`/${productResource.path}/:id/restore`, (c) => restoreProduct(account, c));
}

async function create(account: Account, habit: Habit, c: Context): Promise<Response> {
  const { resource, post } = habit;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  return told(account, habit, c, createRecord(account, resource, attributesIn(body, resource.one)), {
    endpoint: `POST /${resource.path}`,
    ...post,
  });
}

async function update(account: Account, habit: Habit, c: Context): Promise<Response> {
  const { resource, put } = habit;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  const row = rowOf(account, resource.name, c.req.param('id'));
  if (!row) return notFound(resource.one);
  return told(account, habit, c, updateRecord(account, resource, row, attributesIn(body, resource.one)), {
    endpoint: `PUT /${resource.path}/{id}`,
    ...put,
  });
}

function told(
  account: Account,
  { resource, instead }: Habit,
  c: Context,
  written: Written,
  manner: Partial<Manner> & Pick<Manner, 'endpoint'>,
): Response {
  if ('problems' in written) return refuse(400, ...written.problems);
  const { include } = queryOf(c.req.url);
  const { row } = written;
  return answerWritten(account, resource, row, { include, ...manner, instead: instead?.(row) ?? {} });
}

function remove(account: Account, resource: Resource, c: Context): Response {
  const row = rowOf(account, resource.name, c.req.param('id'));
  if (!row) return notFound(resource.one);
  discard(account, resource, row);
  return answer({ success: '200' });
}

/** Recorded was a word of success; the documentation has the product. */
function restoreProduct(account: Account, c: Context): Response {
  const row = restore(account, productResource, c.req.param('id') ?? '');
  if (!row) return notFound(productResource.one);
  if (account.behaviours.restoredProduct === 'success') return answer({ success: '200' });
  const { include } = queryOf(c.req.url);
  const endpoint = `PUT /${productResource.path}/{id}/restore`;
  return answerWritten(account, productResource, row, { endpoint, include });
}
