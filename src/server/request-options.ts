import { GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../records/context.ts';

/** The options of a request, in addition to its operation. */
export interface RequestOptions {
  /** Return the plan and execute nothing. */
  readonly dryRun: boolean;
  /** List the calls that were made. */
  readonly explain: boolean;
  /** Return what mutations would do and do nothing. */
  readonly preview: boolean;
  /** Read nothing from the cache. */
  readonly noCache: boolean;
  readonly idempotencyKey: string | undefined;
}

/** The parts of a request that options are read from. */
interface OptionSource {
  readonly headers: Headers;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Headers of the options that are on or off. Clients that cannot set headers use the `extensions` of the request. */
const SWITCHES = {
  dryRun: 'x-freshsales-dry-run',
  explain: 'x-freshsales-explain',
  preview: 'x-freshsales-preview',
} as const;

/** Values of such a header. */
const VALUES: Readonly<Record<string, boolean>> = { 1: true, true: true, 0: false, false: false, '': false };

const wordOf = (headers: Headers, name: string): string => (headers.get(name) ?? '').trim().toLowerCase();

export function requestOptionsOf({ headers, extensions }: OptionSource): RequestOptions {
  const isOn = (name: keyof typeof SWITCHES): boolean =>
    VALUES[wordOf(headers, SWITCHES[name])] === true || extensions?.[name] === true;
  return {
    dryRun: isOn('dryRun'),
    explain: isOn('explain'),
    preview: isOn('preview'),
    noCache: /\bno-cache\b/i.test(headers.get('cache-control') ?? ''),
    idempotencyKey: idempotencyKeyOf(headers),
  };
}

/** The header is a quoted string in its draft standard, but is often sent without quotes. */
const idempotencyKeyOf = (headers: Headers): string | undefined =>
  headers
    .get('idempotency-key')
    ?.trim()
    .replace(/^"(.*)"$/, '$1');

/** Refuses requests with unclear options before anything is executed: a mistyped dry run must not become a write. */
export const useRequestOptions = (): Plugin => ({
  onParams({ request, params }) {
    const message = problemOf({ headers: request.headers, extensions: params.extensions });
    if (message !== undefined)
      throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
  },
});

function problemOf({ headers, extensions }: OptionSource): string | undefined {
  for (const [name, header] of Object.entries(SWITCHES)) {
    if (!Object.hasOwn(VALUES, wordOf(headers, header)))
      return `The header ${header} is neither yes nor no. Send 1 or true for yes, and 0, false or nothing for no.`;
    if (typeof (extensions?.[name] ?? false) !== 'boolean')
      return `“${name}” in the extensions is neither true nor false. It must be a boolean.`;
  }
  return undefined;
}

/** Returns the preview of a mutation in `extensions.preview`, and no data. Queries are executed as usual. */
export const usePreview = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      const { preview } = args.contextValue;
      const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
      if (!preview || !isMutation || Symbol.asyncIterator in result) return;
      // The error that asks for a confirmation already contains the preview.
      if (result.errors?.some(({ extensions }) => extensions.preview !== undefined)) return;
      const calls = preview.writes.reduce((sum, write) => sum + write.calls, 0);
      setResult({
        ...result,
        data: null,
        extensions: { ...result.extensions, preview: { calls, writes: preview.writes } },
      });
    },
  }),
});
