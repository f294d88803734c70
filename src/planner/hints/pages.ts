import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import type { PlannedCall } from '../planned-call.ts';
import { groupsOf } from './groups.ts';
import type { Advised } from './hints.ts';
import { firstOf, isFromFront, isPaged, listOf, pageOf, type RootField, wantsRows } from './root-field.ts';
import { listed } from './wording.ts';

/** Whether more rows mean more calls: one for each record, or searches for a hundred of them each. */
const grows = ({ per, atMost, certain }: PlannedCall): boolean =>
  per === 'record' || (!certain && (atMost === null || atMost > 1));

/** A page holds a hundred rows, unless something below costs a call for each. */
export function fullPages(advised: Advised): string[] {
  const { roots, calls } = advised;
  const short = roots.filter(isShortPage);
  // One page that is asked for twice is one call as long as both ask for the same of it.
  return groupsOf(short, pageOf).flatMap((same) => {
    const aliases = same.map(({ field }) => field.alias);
    const dear = calls.some(
      (call) => grows(call) && call.fields.some((path) => aliases.some((alias) => isBelow(path, alias))),
    );
    if (dear || !isFreeToFill(same, advised)) return [];
    const [first] = same.map(firstOf);
    return [`\`first: ${MAX_PER_PAGE}\` in ${listed(aliases)} costs the same as ${first}.`];
  });
}

function isShortPage(root: RootField): boolean {
  const first = firstOf(root);
  if (!isPaged(root) || !wantsRows(root) || !isFromFront(root) || root.requests.length !== 1) return false;
  return first >= 1 && first < MAX_PER_PAGE && root.definition.args.some(({ name }) => name === 'first');
}

/** Whether full pages cost what short ones do. Those that cost nothing, as they are known, would be asked for anew. */
function isFreeToFill(short: readonly RootField[], { roots, costOf }: Advised): boolean {
  const [list] = short.map(listOf);
  const others = roots.filter((root) => isPaged(root) && listOf(root) === list && !short.includes(root));
  const rest = others.map(({ field }) => field);
  const before = costOf([...rest, ...short.map(({ field }) => field)]);
  const full = short.map(({ field }) => ({ ...field, args: { ...field.args, first: MAX_PER_PAGE } }));
  const after = costOf([...rest, ...full]);
  const isSame = before.needed === after.needed && before.honoured === after.honoured;
  return isSame && Number.isFinite(before.honoured) && before.needed > costOf(rest).needed;
}

/** The views' names are read for a view that is not named by its id. */
export const viewById = ({ roots, calls }: Advised): string[] =>
  roots.flatMap(({ field, definition }) => {
    if (!definition.args.some(({ name }) => name === 'view')) return [];
    const views = calls.find(
      ({ path, fields, cached }) => path.endsWith('/filters') && !cached && fields.includes(field.alias),
    );
    const needed = views?.fields.length === 1;
    return needed ? [`Name the view of \`${field.alias}\` by its id: saves GET ${views.path}, made once an hour.`] : [];
  });

const isBelow = (path: string, alias: string): boolean => path === alias || path.startsWith(`${alias}.`);
