import { FreshsalesError, type FreshsalesErrorCode, type WriteOutcome } from '../freshsales/errors.ts';

/** The outcome of a piece of work: a value of plain data, in which there may be Freshsales errors, or a failure. */
export type WorkOutcome = { readonly value: object } | { readonly error: unknown };

/** Marks an error in the text. No Freshsales response has such a key. */
const MARK = '$freshsales-graphql:error';

interface WrittenError {
  readonly code: FreshsalesErrorCode;
  readonly message: string;
  readonly status?: number;
  readonly reasons: FreshsalesError['reasons'];
  readonly retryAfter?: number;
  readonly neverArrived: boolean;
  readonly outcome?: WriteOutcome;
}

/** Serializes an outcome for other servers. */
export const toText = (outcome: WorkOutcome): string =>
  JSON.stringify('error' in outcome ? { error: asError(outcome.error) } : outcome, (_name, value: unknown) =>
    value instanceof Error ? { [MARK]: written(value) } : value,
  );

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error('thrown'));

/** Parses what {@link toText} wrote. */
export const fromText = (text: string): WorkOutcome =>
  JSON.parse(text, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && MARK in value ? toError(value[MARK] as WrittenError) : value,
  ) as WorkOutcome;

/** Of an internal error only that it happened: its message may quote anything, and was logged where it happened. */
function written(error: Error): WrittenError {
  if (!(error instanceof FreshsalesError))
    return { code: 'UPSTREAM_ERROR', message: FAULT, reasons: [], neverArrived: false, outcome: 'UNKNOWN' };
  const { code, message, status, reasons, retryAfter, neverArrived, outcome } = error;
  return {
    code,
    message,
    reasons,
    neverArrived,
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(outcome && { outcome }),
  };
}

const FAULT =
  'This failed on the server when it was first sent. The outcome is unknown, and it was not retried. Read the record, or look it up by a unique value, before you send this again.';

function toError({ code, message, outcome, ...details }: WrittenError): FreshsalesError {
  const error = new FreshsalesError(code, message, details);
  error.outcome = outcome;
  return error;
}
