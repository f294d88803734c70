/** What a request asks for beside its answer. */
export interface RequestOptions {
  /** The plan in place of the answer; nothing is executed. */
  readonly dryRun: boolean;
  /** The calls that were sent. */
  readonly explain: boolean;
}

/** A request, as far as it asks for such things. */
export interface Asking {
  readonly headers: Headers;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** By a header, or by the request's `extensions` for those who cannot set one. */
export const requestOptionsOf = ({ headers, extensions }: Asking): RequestOptions => ({
  dryRun: isWished('dryRun', { headers, extensions }),
  explain: isWished('explain', { headers, extensions }),
});

const HEADERS = {
  dryRun: 'x-freshsales-dry-run',
  explain: 'x-freshsales-explain',
  preview: 'x-freshsales-preview',
} as const;

type Wish = keyof typeof HEADERS;

/** Whether a request asks for something. A value that says neither yes nor no does not. */
export const isWished = (wish: Wish, { headers, extensions }: Asking): boolean =>
  WORDS[wordOf(headers.get(HEADERS[wish]))] === true || extensions?.[wish] === true;

/** What a header may say. */
const WORDS: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false, '': false };

const wordOf = (value: string | null): string => (value ?? '').trim().toLowerCase();

/** What is wrong with how a request asks, if anything. Who sends such a header does not want to be misread. */
export function unclearWish({ headers, extensions }: Asking): string | undefined {
  for (const [wish, header] of Object.entries(HEADERS)) {
    if (!Object.hasOwn(WORDS, wordOf(headers.get(header))))
      return `The header ${header} is neither yes nor no. Send 1 or true for yes, and 0, false or nothing for no.`;
    const value = extensions?.[wish] ?? false;
    if (typeof value !== 'boolean')
      return `“${wish}” in the extensions is neither true nor false. It must be a boolean.`;
  }
  return undefined;
}
