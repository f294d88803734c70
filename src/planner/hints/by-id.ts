import { type GraphQLField, type GraphQLSchema, getNamedType } from 'graphql';
import { MAX_PER_PAGE } from '../../freshsales/paging.ts';
import { fieldsOf, type Selection, sourceOf } from '../../records/field-needs.ts';
import { nodeCharges, rowsAsked } from '../../records/price.ts';
import type { Registry } from '../../records/record-type.ts';
import { mayRisk } from '../../records/type-lists.ts';
import { MAX_FIRST } from '../../records/window.ts';
import { isList, isPart, recordTypesOf } from '../record-types.ts';
import { type Cost, savedBy } from './cost-of.ts';
import type { Advised } from './hints.ts';
import type { RootField } from './root-field.ts';
import { below, merged, toTypes, unitedFields, wrapped } from './selections.ts';
import { askedAs, fullPage, isOfViews, pagesFor, type TypePages } from './type-pages.ts';
import { calls } from './wording.ts';

/** Records of one type that are read one by one. */
interface Single {
  readonly pages: TypePages;
  readonly count: number;
  /** What reads them, and what is selected of them. */
  readonly roots: readonly Selection[];
  readonly fields: readonly Selection[];
}

/** Records that are read one by one, where a page would bring a hundred, or its rows would bring them along. */
export const oneByOne = (advised: Advised): string[] =>
  singlesOf(advised).flatMap((single) => [...insideAPage(single, advised), ...onAPage(single, advised)]);

function singlesOf({ roots, schema, registry, known }: Advised): Single[] {
  const reads = new Map<string, Set<string>>();
  // What came along with something else may be known in parts, and then costs nothing.
  for (const { charges, source } of roots)
    for (const { call, requests = [] } of source.reads === true ? charges : [])
      for (const request of call ? requests : [])
        if (!known.mayBeKnown(request)) reads.set(call ?? '', (reads.get(call ?? '') ?? new Set()).add(request.path));
  return [...reads].flatMap(([call, paths]) => {
    const pages = pagesFor(schema, registry, call);
    if (!pages || paths.size < 2) return [];
    const reading = roots
      .flatMap((root) => readingOnly(registry, root, paths))
      .map((field) => ofType(field, pages.type, schema));
    const fields = reading.flatMap(below);
    return [{ pages, count: paths.size, roots: reading, fields: unitedFields(fields) }];
  });
}

/** A field as far as it reads these records. `nodes` may read others too. */
function readingOnly(registry: Registry, { field, requests }: RootField, paths: ReadonlySet<string>): Selection[] {
  const { ids } = field.args;
  if (!Array.isArray(ids)) return requests.some(({ path }) => paths.has(path)) ? [field] : [];
  const some = ids.filter((id: unknown) =>
    nodeCharges(registry, id).some(({ requests = [] }) => requests.some(({ path }) => paths.has(path))),
  );
  return some.length > 0 ? [{ ...field, args: { ...field.args, ids: some } }] : [];
}

/** What is selected of records of one type, and not what would be of others. */
const ofType = (field: Selection, type: string, schema: GraphQLSchema): Selection => ({
  ...field,
  fieldsByTypeName: toTypes(type, fieldsOf(field, type, { schema })),
});

function onAPage({ pages, count, roots, fields }: Single, { costOf }: Advised): string[] {
  const before = costOf(roots);
  const first = Math.min(MAX_FIRST, Math.ceil(count / MAX_PER_PAGE) * MAX_PER_PAGE);
  const after = costOf([fullPage(pages, fields, first)]);
  if (after.honoured >= before.needed) return [];
  const what = `${count} ${pages.definition.name} by id cost ${atMost(before)}`;
  const page = `${isOfViews(pages) ? 'A view' : 'A page'} that holds them costs`;
  const cost = after.honoured === 1 ? '1, whatever their number' : atMost(after);
  return [`${what}. ${page} ${cost}: ${askedAs(pages, first)}.`];
}

const atMost = ({ needed, honoured }: Cost): string =>
  honoured > needed && Number.isFinite(honoured) ? `up to ${calls(honoured)}` : calls(needed);

function insideAPage(single: Single, { roots, schema, costOf }: Advised): string[] {
  for (const page of roots.filter(({ source }) => source.reads === 'page')) {
    const relations = page.types.flatMap((type) =>
      Object.values(type.getFields()).map((relation) => ({ type: type.name, relation })),
    );
    for (const { type, relation } of relations) {
      if (sourceOf(relation.extensions).include === undefined) continue;
      if (!recordTypesOf(relation.type, schema).some(({ name }) => name === single.pages.type)) continue;
      const nodes = wrapped('nodes', type, [asRelation(relation, single)]);
      const added = merged(page.field, [wrapped('', getNamedType(page.definition.type).name, [nodes])]);
      const saved = savedBy(costOf([page.field, ...single.roots]), costOf([added]));
      if (saved === 0 || !mayHold(page, relation, single)) continue;
      // As many as that may be found on one page of a list, whether or not the advice is taken.
      const most = `${mayRisk(single.count) > 0 ? 'up to ' : ''}${calls(saved)}`;
      return [
        `Ask \`${relation.name}\` inside \`${page.field.alias}\`: saves ${most}, where it leads to the same records.`,
      ];
    }
  }
  return [];
}

/** Whether the rows of a page can lead to so many records. */
const mayHold = ({ field }: RootField, { type }: GraphQLField<unknown, unknown>, { count }: Single): boolean =>
  isList(type) || isPart(getNamedType(type).name) || rowsAsked(field.args) >= count;

/** A relation with what is selected of the records, which stand in `nodes` where there may be several. */
function asRelation({ name, type }: GraphQLField<unknown, unknown>, { fields, pages }: Single): Selection {
  const named = getNamedType(type).name;
  return isPart(named)
    ? wrapped(name, named, [wrapped('nodes', pages.type, fields)])
    : wrapped(name, pages.type, fields);
}
