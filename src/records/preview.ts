/** A problem with the input that the caller can correct. */
export interface UserError {
  /** Path into the mutation's arguments. Null if Freshsales does not name a field. */
  readonly field: readonly string[] | null;
  readonly message: string;
  readonly code: 'INVALID' | 'REQUIRED' | 'NOT_UNIQUE' | 'NOT_FOUND' | 'IGNORED';
}

/** A column that a write would change. */
export interface PreviewedChange {
  /** Name in GraphQL. */
  readonly field: string;
  /** Omitted if the record cannot be read. */
  readonly from?: unknown;
  readonly to: unknown;
}

/** What one mutation field would do. */
export interface PreviewedWrite {
  /** Response path of the field. */
  readonly path: readonly (string | number)[];
  /** The call to Freshsales. Omitted if user errors prevent it. */
  readonly call?: {
    readonly method: string;
    readonly path: string;
    readonly include: readonly string[];
    readonly body: unknown;
  };
  /** Minimum number of calls. */
  readonly calls: number;
  /** The record before the change. */
  readonly record?: { readonly id: string; readonly name: string | null };
  readonly changes: readonly PreviewedChange[];
  /** Problems that are known before the call. Freshsales may find more. */
  readonly userErrors: readonly UserError[];
}

/** Collects what the mutations of an operation would write. */
export interface Preview {
  readonly writes: PreviewedWrite[];
}
