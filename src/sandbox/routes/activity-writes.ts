import type { Context, Hono } from 'hono';
import type { RecordType } from '../../freshsales/resource.ts';
import { appointmentType } from '../../resources/appointment/record.ts';
import { noteType } from '../../resources/note/record.ts';
import { productType } from '../../resources/product/record.ts';
import { salesActivityType } from '../../resources/sales-activity/record.ts';
import { taskType } from '../../resources/task/record.ts';
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
  readonly recordType: RecordType;
  readonly post?: Partial<Manner>;
  readonly put?: Partial<Manner>;
  readonly instead?: (row: Row) => Manner['instead'];
}

const MEETING: Partial<Manner> = { always: ['appointment_attendees'], between: { conferences: [], notes: [] } };

/** Record types that are made, changed and removed, and nothing else. */
const HABITS: readonly Habit[] = [
  {
    recordType: taskType,
    post: { status: 201 },
    put: { always: ['owner', 'creater', 'updater', 'targetable'] },
  },
  {
    recordType: appointmentType,
    post: { ...MEETING, status: 201 },
    put: MEETING,
    instead: (row) => ({ note_id: row.note_id ?? null }),
  },
  { recordType: noteType },
  { recordType: salesActivityType },
  { recordType: productType },
];

/** Tasks, appointments, notes, sales activities and products. */
export function activityWriteRoutes(api: Hono, _ui: Hono, account: Account): void {
  for (const habit of HABITS) {
    const { path } = habit.recordType;
    api.post(`/${path}`, (c) => create(account, habit, c));
    api.put(`/${path}/:id`, (c) => update(account, habit, c));
    api.delete(`/${path}/:id`, (c) => remove(account, habit.recordType, c));
  }
  api.put(`/${productType.path}/:id/restore`, (c) => restoreProduct(account, c));
}

async function create(account: Account, habit: Habit, c: Context): Promise<Response> {
  const { recordType, post } = habit;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  return told(account, habit, c, createRecord(account, recordType, attributesIn(body, recordType.one)), {
    endpoint: `POST /${recordType.path}`,
    ...post,
  });
}

async function update(account: Account, habit: Habit, c: Context): Promise<Response> {
  const { recordType, put } = habit;
  const body = await bodyOf(c);
  if (body instanceof Response) return body;
  const row = rowOf(account, recordType.name, c.req.param('id'));
  if (!row) return notFound(recordType.one);
  return told(account, habit, c, updateRecord(account, recordType, row, attributesIn(body, recordType.one)), {
    endpoint: `PUT /${recordType.path}/{id}`,
    ...put,
  });
}

function told(
  account: Account,
  { recordType, instead }: Habit,
  c: Context,
  written: Written,
  manner: Partial<Manner> & Pick<Manner, 'endpoint'>,
): Response {
  if ('problems' in written) return refuse(400, ...written.problems);
  const { include } = queryOf(c.req.url);
  const { row } = written;
  return answerWritten(account, recordType, row, { include, ...manner, instead: instead?.(row) ?? {} });
}

function remove(account: Account, recordType: RecordType, c: Context): Response {
  const row = rowOf(account, recordType.name, c.req.param('id'));
  if (!row) return notFound(recordType.one);
  discard(account, recordType, row);
  return answer({ success: '200' });
}

/** Recorded was a word of success; the documentation has the product. */
function restoreProduct(account: Account, c: Context): Response {
  const row = restore(account, productType, c.req.param('id') ?? '');
  if (!row) return notFound(productType.one);
  if (account.behaviours.restoredProduct === 'success') return answer({ success: '200' });
  const { include } = queryOf(c.req.url);
  const endpoint = `PUT /${productType.path}/{id}/restore`;
  return answerWritten(account, productType, row, { endpoint, include });
}
