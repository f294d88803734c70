import { type GraphQLField, type GraphQLSchema, getNamedType } from 'graphql';
import { MAX_PER_PAGE } from '../freshsales/reads.ts';
import { groupBy } from '../maps.ts';
import {
  type Args,
  asksFor,
  costOfField,
  type FieldCost,
  type FieldSource,
  fieldsOf,
  readsOf,
  readsPages,
  type Selection,
  sourceOf,
} from '../records/field-needs.ts';
import type { Knowledge, RecordType } from '../records/record-type.ts';
import { DEFAULT_FIRST, MAX_FIRST } from '../records/window.ts';
import { recordTypesOf } from './known-records.ts';
import type { RootSelection } from './operation.ts';
import { callsText } from './planned-calls.ts';
import { Planner } from './planner.ts';

type Field = GraphQLField<unknown, unknown>;

/** A field of the operation itself, and what it costs. */
interface RootField {
  readonly field: Selection;
  readonly definition: Field;
  readonly source: FieldSource;
  readonly costs: readonly FieldCost[];
  /** The cost with other arguments. */
  readonly costWith: (args: Args) => readonly FieldCost[];
}

interface Cost {
  readonly expected: number;
  /** At most on an account that behaves as documented. */
  readonly documented: number;
}

/** An operation, and what it would cost with other root fields. */
interface Hinted {
  readonly schema: GraphQLSchema;
  readonly knowledge: Knowledge;
  readonly roots: readonly RootField[];
  readonly costOf: (fields: readonly Selection[]) => Cost;
}

/** Cheaper ways to the same data, or more data for the same calls. Each is planned, and given where the plan is better. */
export function hintsFor(schema: GraphQLSchema, { root, selection }: RootSelection, knowledge: Knowledge): string[] {
  // There is no cheaper way to a write.
  if (root !== schema.getQueryType()) return [];
  const roots = fieldsOf(selection, root.name, { schema }).flatMap((field): RootField[] => {
    const definition = root.getFields()[field.name];
    if (!definition) return [];
    const source = sourceOf(definition.extensions);
    const costWith = (args: Args) => costOfField(source, args, { ...knowledge, selection: field, schema }) ?? [];
    return [{ field, definition, source, costs: costWith(field.args), costWith }];
  });
  const costOf = (fields: readonly Selection[]) => {
    const operation = { name: '', alias: '', args: {}, fieldsByTypeName: toTypes(root.name, fields) };
    return new Planner(schema, knowledge).operation(operation, root).sums;
  };
  const hinted: Hinted = { schema, knowledge, roots, costOf };
  return [...pageInsteadOfIds(hinted), ...fullPages(hinted), ...viewsById(hinted)];
}

/** Records that are read by their ids, where a page of their type costs less. */
function pageInsteadOfIds({ schema, knowledge, roots, costOf }: Hinted): string[] {
  return knowledge.registry.recordTypes.flatMap((recordType) => {
    const pages = pagesOf(schema, recordType);
    const paths = unknownReads(roots, recordType, knowledge);
    if (!pages || paths.size < 2) return [];
    const reading = roots
      .flatMap((root) => readingOnly(root, paths))
      .map((field) => ({
        ...field,
        fieldsByTypeName: toTypes(recordType.name, fieldsOf(field, recordType.name, { schema })),
      }));
    const first = Math.min(MAX_FIRST, Math.ceil(paths.size / MAX_PER_PAGE) * MAX_PER_PAGE);
    const before = costOf(reading);
    const after = costOf([fullPage(pages, recordType, reading.flatMap(below), first)]);
    if (after.documented >= before.expected) return [];
    const page = `${chooserOf(pages)?.name === 'view' ? 'A view' : 'A page'} that holds them costs`;
    const cost = after.documented === 1 ? '1, whatever their number' : atMost(after);
    const what = `${paths.size} ${pages.name} by id cost ${atMost(before)}.`;
    return [`${what} ${page} ${cost}: ${askedAs(pages, first)}.`];
  });
}

const atMost = ({ expected, documented }: Cost): string =>
  documented > expected && Number.isFinite(documented) ? `up to ${callsText(documented)}` : callsText(expected);

/** The paths of the records of a type that are read by their ids. What may be cached in parts may cost nothing. */
const unknownReads = (roots: readonly RootField[], recordType: RecordType, { known }: Knowledge): Set<string> =>
  new Set(
    roots
      .flatMap(({ costs, source }) => (source.reads === true ? costs : []))
      .flatMap((cost) => (cost.recordType === recordType ? (cost.requests ?? []) : []))
      .filter((request) => !known.mayBeKnown(request))
      .map(({ path }) => path),
  );

/** A field as far as it reads these records. `nodes` may read others too. */
function readingOnly({ field, costs, costWith }: RootField, paths: ReadonlySet<string>): Selection[] {
  const reads = (some: readonly FieldCost[]) =>
    some.some(({ requests = [] }) => requests.some(({ path }) => paths.has(path)));
  const { ids } = field.args;
  if (!Array.isArray(ids)) return reads(costs) ? [field] : [];
  const some = ids.filter((id: unknown) => reads(costWith({ ids: [id] })));
  return some.length > 0 ? [{ ...field, args: { ...field.args, ids: some } }] : [];
}

/** The root field that lists records of a type in pages. */
const pagesOf = (schema: GraphQLSchema, { name }: RecordType): Field | undefined =>
  Object.values(schema.getQueryType()?.getFields() ?? {}).find(
    (field) =>
      readsOf(sourceOf(field.extensions), {}) === 'page' &&
      field.args.some((argument) => argument.name === 'after') &&
      recordTypesOf(field.type, schema).some((type) => type.name === name),
  );

/** The argument that says which records are listed. */
const chooserOf = ({ args }: Field) => args.find(({ name }) => name === 'view' || name === 'filter');

function askedAs(pages: Field, first: number): string {
  const chooser = chooserOf(pages);
  return `\`${pages.name}(${chooser ? `${chooser.name}: …, ` : ''}first: ${first})\``;
}

/** Some view: it costs the same whichever it is. */
const ANY_VIEW = '1';

/** So many rows, with these fields of each record. */
function fullPage(pages: Field, { name }: RecordType, fields: readonly Selection[], first: number): Selection {
  const chooser = chooserOf(pages);
  const choice = chooser && { [chooser.name]: chooser.name === 'view' ? ANY_VIEW : chooser.defaultValue };
  const nodes = { name: 'nodes', alias: 'nodes', args: {}, fieldsByTypeName: toTypes(name, fields) };
  return {
    name: pages.name,
    alias: pages.name,
    args: { ...choice, first },
    fieldsByTypeName: toTypes(getNamedType(pages.type).name, [nodes]),
  };
}

/** A page holds a hundred rows for the calls of one. */
function fullPages({ roots, costOf }: Hinted): string[] {
  // One page that is asked for twice is one call as long as both ask for the same rows of it.
  return [...groupBy(roots.filter(isShortPage), pageOf).values()].flatMap((same) => {
    const others = roots.filter((root) => !same.includes(root)).map(({ field }) => field);
    const full = same.map(({ field }) => ({ ...field, args: { ...field.args, first: MAX_PER_PAGE } }));
    const before = costOf(roots.map(({ field }) => field));
    const after = costOf([...others, ...full]);
    const isSame = before.expected === after.expected && before.documented === after.documented;
    // A cached page is free, and a larger one is not.
    if (!isSame || !Number.isFinite(before.documented) || before.expected === costOf(others).expected) return [];
    const names = listed(same.map(({ field }) => field.alias));
    return [`\`first: ${MAX_PER_PAGE}\` in ${names} costs the same as ${same.map(firstOf)[0]}.`];
  });
}

/** Which part of which list is asked for. */
const pageOf = ({ costs }: RootField): string =>
  JSON.stringify(costs.filter(({ fallback }) => !fallback).map(({ requests, view }) => [requests, view]));

const firstOf = ({ field: { args } }: RootField): number =>
  typeof args.first === 'number' ? args.first : DEFAULT_FIRST;

function isShortPage(root: RootField): boolean {
  const { field, definition, source, costs } = root;
  const { after, before, last } = field.args;
  const requests = costs.flatMap((cost) => (cost.fallback ? [] : (cost.requests ?? [])));
  const first = firstOf(root);
  return (
    readsPages(source) &&
    asksFor(field, 'nodes', 'edges', 'pageInfo') &&
    !after &&
    !before &&
    typeof last !== 'number' &&
    requests.length === 1 &&
    first >= 1 &&
    first < MAX_PER_PAGE &&
    definition.args.some(({ name }) => name === 'first')
  );
}

/** The list of views is read for a view that is not named by its id. */
const viewsById = ({ roots, costOf }: Hinted): string[] =>
  roots.flatMap((root) => {
    const { field, definition, costs } = root;
    const views = costs.find(({ list, fallback }) => list?.endsWith('/filters') && !fallback)?.list;
    if (views === undefined || !definition.args.some(({ name }) => name === 'view')) return [];
    const before = costOf(roots.map((each) => each.field));
    const byId = { ...field, args: { ...field.args, view: ANY_VIEW } };
    const after = costOf(roots.map((each) => (each === root ? byId : each.field)));
    return after.expected < before.expected
      ? [`Name the view of \`${field.alias}\` by its id: saves GET /${views}, made once an hour.`]
      : [];
  });

/** Fields as a part of a selection. Their keys are no aliases, so that two of one alias do not hide each other. */
const toTypes = (typeName: string, fields: readonly Selection[]): Selection['fieldsByTypeName'] => ({
  [typeName]: Object.fromEntries(fields.map((field, index) => [String(index), field])),
});

/** The fields that are selected directly below, of any type. */
const below = (selection: Selection): Selection[] =>
  Object.values(selection.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));

/** “`a`, `b` and `c`” */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}`;
}
