import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../records/context.ts';
import { type Asking, isWished } from './request-options.ts';

/** Whether a request wants to see what its mutations would do, and nothing done. */
export const wantsPreview = ({ headers }: Request, extensions: Asking['extensions']): boolean =>
  isWished('preview', { headers, extensions });

/** Answers a preview: no data, since nothing was done, and in `extensions.preview` what would have been. */
export const usePreview = (): Plugin<Context> => ({
  onExecute: ({ args }) => ({
    onExecuteDone({ result, setResult }) {
      const { preview } = args.contextValue;
      // What is read is read: a preview of a query is the query.
      const isMutation = getOperationAST(args.document, args.operationName)?.operation === 'mutation';
      if (!preview || !isMutation || Symbol.asyncIterator in result) return;
      // Who has to confirm finds the preview in the error that says so, and nowhere a second time.
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
