import type { RecordType } from '../freshsales/resource.ts';
import type { Account, Columns } from './account.ts';
import { answer } from './answers.ts';
import { render } from './render.ts';
import { bareRecord } from './shapes.ts';
import type { Row } from './store.ts';

/** How a written record goes out. */
export interface Manner {
  /** As in the coverage table, such as `POST /contacts`. */
  readonly endpoint: string;
  readonly include: string | undefined;
  readonly status?: number;
  /** Includes that come although nobody asked. */
  readonly always?: readonly string[];
  /** Keys between what comes along and the record. */
  readonly between?: Columns;
  /** Columns that this answer has, or has differently. */
  readonly instead?: Columns;
  /** Keys after the record. */
  readonly after?: Columns;
}

/** Answers with the record as it is now, and the includes that were asked for. */
export function answerWritten(account: Account, recordType: RecordType, row: Row, manner: Manner): Response {
  const { status = 200, between = {}, instead = {}, after = {}, ...ask } = manner;
  const { side, records } = render(account, recordType, [row], {
    ...ask,
    shape: (one) => ({ ...bareRecord(account, recordType, one), ...instead }),
  });
  return answer({ ...side, ...between, [recordType.one]: records[0], ...after }, status);
}
