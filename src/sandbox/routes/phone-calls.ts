import type { Context, Hono } from 'hono';
import { type Account, API_USER, type Columns, isObject } from '../account.ts';
import { answer, notFound, refuse } from '../answers.ts';
import { stampNow } from '../clock.ts';
import { className } from '../links.ts';
import { toWire } from '../serialize.ts';
import { targetableOf, userRows } from '../shapes.ts';
import type { Row } from '../store.ts';
import { targetRow } from '../writes/target.ts';
import { createOf, type Written } from '../writes/write.ts';
import { accepted, attributesIn, bodyOf, found, unreadable } from './request.ts';

const TABLE = 'PhoneCall';

/** Logged phone calls. Freshsales cannot list them. */
export function phoneCallRoutes(api: Hono, _ui: Hono, account: Account): void {
  api.post('/phone_calls', (c) => log(account, c));
  // Clients have tried this path. Freshsales always refuses it.
  api.post('/cti_phone_calls', () => refuse(400, 'Invalid or missing attributes'));
  api.get('/phone_calls/:id', (c) =>
    answer({ call: shown(account, found(account.store.of(TABLE).get(c.req.param('id')), 'phone_call')) }),
  );
  api.delete('/phone_calls/:id', (c) =>
    account.store.of(TABLE).delete(c.req.param('id')) ? answer({ success: '200' }) : notFound('phone_call'),
  );
}

/** Logs a call, with an optional note. */
async function log(account: Account, c: Context): Promise<Response> {
  const form = await formOf(c);
  const given = attributesIn(form ?? (await bodyOf(c)), 'phone_call');
  const incoming = flag(given.call_direction);
  if (incoming === undefined) return refuse(400, "Call direction can't be blank");
  const isPartial = form === undefined && account.behaviours.phoneCallJson === 'partial';
  if (isPartial && given.note !== undefined) return unreadable();
  const target = isPartial ? undefined : accepted(partner(account, given));
  const type = className(account, String(given.targetable_type));
  const description = isObject(given.note) ? given.note.description : undefined;
  const note =
    description === undefined || !target
      ? undefined
      : accepted(createOf(account, 'Note', { description, targetable_id: target.row.id, targetable_type: type }));
  const row = account.store.of(TABLE).insert({
    ...blank(account),
    call_direction: incoming,
    note_id: note?.row.id ?? null,
    targetables: target ? [{ id: target.row.id, type }] : [],
  });
  return answer(envelope(account, row, note?.row), 201);
}

/** True for an incoming call. Forms send text. */
const flag = (value: unknown): boolean | undefined =>
  ({ true: true, false: false, '1': true, '0': false })[String(value).toLowerCase()];

/** The fields of a form, nested by their brackets: `phone_call[targetable][id]`. `undefined` for other bodies. */
async function formOf(c: Context): Promise<Columns | undefined> {
  if (!/multipart\/form-data|x-www-form-urlencoded/i.test(c.req.header('content-type') ?? '')) return undefined;
  const root: Columns = {};
  for (const [name, value] of Object.entries(await c.req.parseBody().catch(() => ({})))) {
    const keys = name.split(/[[\]]+/).filter((key) => key !== '' && !(key in Object.prototype));
    const last = keys.pop();
    const parent = keys.reduce<Columns>((at, key) => {
      const inner = isObject(at[key]) ? at[key] : {};
      at[key] = inner;
      return inner;
    }, root);
    if (last !== undefined) parent[last] = value;
  }
  return root;
}

/** The other party: an existing record by id, or a new contact. */
function partner(account: Account, given: Columns): Written {
  const type = className(account, String(given.targetable_type ?? ''));
  const about = isObject(given.targetable) ? given.targetable : {};
  const id = given.targetable_id ?? about.id;
  const known = targetRow(account, type, id);
  if (known) return { row: known };
  const isNew = type === 'Contact' && id === undefined && Object.keys(about).length > 0;
  return isNew ? createOf(account, 'Contact', about) : { problems: ["Targetable doesn't exist"] };
}

/** Columns in the order of the documented sample. */
const blank = (account: Account): Row => ({
  id: account.store.nextId(TABLE),
  call_duration: 0,
  recording_duration: null,
  status: null,
  recording: null,
  conversation_time: stampNow(account),
  cost: null,
  is_manual: true,
  root_phone_call_id: null,
  child_phone_calls: false,
  outcome_id: null,
  source: null,
  freshcaller_id: null,
  freshcaller_number: null,
  freshcaller_number_country: null,
  phone_number_id: null,
  phone_caller_id: null,
  note_id: null,
  user_id: API_USER,
});

function shown({ zone }: Account, row: Row): Columns {
  const { targetables: _about, ...columns } = row;
  return toWire({ ...columns, targetable: targetableOf(row) }, zone);
}

const envelope = (account: Account, row: Row, note: Row | undefined): Columns => ({
  phone_calls: [shown(account, row)],
  phone_numbers: [],
  phone_callers: [],
  notes: note ? [toWire({ id: note.id, description: note.description }, account.zone)] : [],
  users: userRows(account, [row.user_id]),
  outcomes: [],
});
