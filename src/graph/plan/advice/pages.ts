import { MAX_PER_PAGE } from '../../../freshsales/paging.ts';
import { asksFor } from '../../lookahead.ts';
import { DEFAULT_FIRST } from '../../window.ts';
import type { PlannedCall } from '../planned-call.ts';
import type { RootField } from './root-field.ts';

const wantsRows = ({ field }: RootField): boolean => asksFor(field, 'nodes', 'edges', 'pageInfo');

const isPaged = ({ source }: RootField): boolean => source.reads === 'page' || source.reads === 'thin';

const hasCursor = ({ field: { args } }: RootField): boolean => Boolean(args.after) || Boolean(args.before);

/** Whether more rows mean more calls: one for each record, or searches for a hundred of them each. */
const grows = ({ per, atMost, certain }: PlannedCall): boolean =>
  per === 'record' || (!certain && (atMost === null || atMost > 1));

/** A page holds a hundred rows, unless something below costs a call for each. */
export function fullPages(roots: readonly RootField[], calls: readonly PlannedCall[]): string[] {
  return roots.flatMap((root) => {
    const { field } = root;
    const first = field.args.first ?? DEFAULT_FIRST;
    const pageable = isPaged(root) && wantsRows(root) && !hasCursor(root) && root.requests.length === 1;
    if (!pageable || typeof first !== 'number' || typeof field.args.last === 'number') return [];
    if (first < 1 || first >= MAX_PER_PAGE || !root.definition.args.some(({ name }) => name === 'first')) return [];
    const dear = calls.some((call) => grows(call) && call.fields.some((path) => isBelow(path, field.alias)));
    return dear ? [] : [`\`first: ${MAX_PER_PAGE}\` in \`${field.alias}\` costs the same as ${first}.`];
  });
}

/** The views' names are read for a view that is not named by its id. */
export const viewById = (roots: readonly RootField[], calls: readonly PlannedCall[]): string[] =>
  roots.flatMap(({ field, definition }) => {
    if (!definition.args.some(({ name }) => name === 'view')) return [];
    const views = calls.find(
      ({ path, fields, cached }) => path.endsWith('/filters') && !cached && fields.includes(field.alias),
    );
    const needed = views?.fields.length === 1;
    return needed ? [`Name the view of \`${field.alias}\` by its id: saves GET ${views.path}, made once an hour.`] : [];
  });

/** Pages of the same list that are asked apart. */
export function sameList(roots: readonly RootField[]): string[] {
  const paged = roots.filter((root) => isPaged(root) && root.requests.length > 0);
  return paged.flatMap((root, index) =>
    paged.slice(index + 1).flatMap((other) => {
      if (listOf(root) !== listOf(other) || JSON.stringify(root.requests) === JSON.stringify(other.requests)) return [];
      const [counts, rows] = wantsRows(root) ? [other, root] : [root, other];
      if (!wantsRows(counts))
        return [
          `Ask \`totalCount\` in \`${rows.field.alias}\` rather than in \`${counts.field.alias}\`: saves 1 call.`,
        ];
      const small = [root, other].every((each) => !hasCursor(each) && each.requests.length === 1 && isFromFront(each));
      if (!small) return [];
      const names = `\`${root.field.alias}\` and \`${other.field.alias}\``;
      return [`${names} begin the same list. Ask for it once, with the larger \`first\`: saves 1 call.`];
    }),
  );
}

const isFromFront = ({ field: { args } }: RootField): boolean => typeof args.last !== 'number';

/** What is listed, whichever part of it. */
function listOf({ requests: [first], charges }: RootField): string {
  const { page, per_page, ...query } = first?.query ?? {};
  const view = charges.find((charge) => charge.view !== undefined)?.view;
  return JSON.stringify([first?.method, first?.path, query, first?.body, view]);
}

const isBelow = (path: string, alias: string): boolean => path === alias || path.startsWith(`${alias}.`);
