/** What a request asks for beside its answer. */
export interface Wishes {
  /** The plan in place of the answer; nothing is executed. */
  readonly dryRun: boolean;
  /** The calls that were sent. */
  readonly explain: boolean;
}

interface Asking {
  readonly headers: Headers;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** By a header, or by the request's `extensions` for those who cannot set one. */
export const wishesOf = ({ headers, extensions }: Asking): Wishes => ({
  dryRun: isOn(headers.get('x-freshsales-dry-run')) || extensions?.dryRun === true,
  explain: isOn(headers.get('x-freshsales-explain')) || extensions?.explain === true,
});

const isOn = (value: string | null): boolean => value === '1' || value?.toLowerCase() === 'true';
