import { asksFor, type Selection } from '../../records/field-needs.ts';
import { type CostOf, savedBy } from './cost-of.ts';
import { groupsOf } from './groups.ts';
import type { Advised } from './hints.ts';
import { firstOf, isFromFront, isPaged, listOf, pageOf, type RootField, wantsRows } from './root-field.ts';
import { merged } from './selections.ts';
import { calls, listed } from './wording.ts';

/** Lists of which the operation asks several parts. */
const lists = (roots: readonly RootField[]): RootField[][] => {
  const paged = roots.filter((root) => isPaged(root) && root.requests.length > 0);
  return groupsOf(paged, listOf).filter(({ length }) => length > 1);
};

const fieldsOfAll = (roots: readonly RootField[]): Selection[] => roots.map(({ field }) => field);

/** Numbers of rows that are asked apart from the rows, which would bring them along. */
export const apartFromCounts = ({ roots, costOf }: Advised): string[] =>
  lists(roots).flatMap((list) => {
    const counts = fieldsOfAll(list.filter((root) => !wantsRows(root)));
    const [into, ...rest] = fieldsOfAll(list.filter(wantsRows));
    if (!into || counts.length === 0) return [];
    const saved = savedBy(costOf([into, ...rest, ...counts]), costOf([merged(into, counts), ...rest]));
    const names = listed(counts.map(({ alias }) => alias));
    return saved > 0 ? [`Ask \`totalCount\` in \`${into.alias}\` rather than in ${names}: saves ${calls(saved)}.`] : [];
  });

/** Parts that are tried one after the other, each by a plan of its own; more are tried all together. */
const MOST_TRIED = 10;

/** Pages of the same list that are asked apart. */
export const sameList = ({ roots, costOf }: Advised): string[] =>
  lists(roots).flatMap((list) => {
    const fronts = list.filter(isFront).sort((one, other) => firstOf(other) - firstOf(one));
    const rest = fieldsOfAll(list.filter((root) => !fronts.includes(root)));
    const [largest, ...smaller] = groupsOf(fronts, pageOf);
    if (!largest || smaller.length === 0) return [];
    const tried = smaller.length > MOST_TRIED ? [smaller.flat()] : smaller;
    const { joined, saved } = joinFronts(largest, tried, { rest, costOf });
    if (saved === 0) return [];
    const aliases = list.filter((root) => joined.includes(root)).map(({ field }) => field.alias);
    const which = aliases.length > 2 ? 'largest' : 'larger';
    return [
      `${listed(aliases)} begin the same list. Ask for it once, with the ${which} \`first\`: saves ${calls(saved)}.`,
    ];
  });

/**
 * The first rows of a list, which any longer part of it holds too. Where it ends is told of each part only, and so is a count
 * that is asked with no rows.
 */
const isFront = (root: RootField): boolean =>
  wantsRows(root) && !asksFor(root.field, 'pageInfo') && isFromFront(root) && root.requests.length === 1;

/** Takes those into the largest that cost less there: what is a call for each record is dearer among more of them. */
function joinFronts(
  largest: readonly RootField[],
  smaller: readonly (readonly RootField[])[],
  { rest, costOf }: { readonly rest: readonly Selection[]; readonly costOf: CostOf },
): { readonly joined: readonly RootField[]; readonly saved: number } {
  let joined = largest;
  let apart = smaller;
  let total = 0;
  const costWith = (together: readonly RootField[], others: readonly (readonly RootField[])[]) =>
    costOf([...rest, ...asOne(together), ...fieldsOfAll(others.flat())]);
  const start = costOf([...rest, ...fieldsOfAll([...largest, ...smaller.flat()])]);
  for (const each of smaller) {
    const others = apart.filter((other) => other !== each);
    const saved = savedBy(start, costWith([...joined, ...each], others));
    if (saved <= total) continue;
    joined = [...joined, ...each];
    apart = others;
    total = saved;
  }
  return { joined, saved: total };
}

const asOne = ([first, ...others]: readonly RootField[]): Selection[] =>
  first ? [merged(first.field, fieldsOfAll(others))] : [];
