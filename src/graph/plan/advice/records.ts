import type { GraphQLSchema } from 'graphql';
import { MAX_PER_PAGE } from '../../../freshsales/paging.ts';
import { mayRisk } from '../../lists.ts';
import { readingOf } from '../../loader.ts';
import { type Selection, sourceOf } from '../../lookahead.ts';

import type { PlannedCall } from '../planned-call.ts';
import { recordTypesOf } from '../record-types.ts';
import { pagesOfType, type RootField } from './root-field.ts';

/** The type whose records are read by this call, as a template. */
const typeReadBy = (schema: GraphQLSchema, call: string): string | undefined =>
  Object.keys(schema.getTypeMap()).find((name) => {
    const reading = readingOf(name);
    return reading && 'call' in reading && reading.call === call;
  });

/** Records that are read one by one, where a page would bring a hundred, or its rows would bring them along. */
export function oneByOne(roots: readonly RootField[], schema: GraphQLSchema): string[] {
  const reads = new Map<string, Set<string>>();
  for (const { charges, source } of roots)
    for (const { call, requests = [] } of source.reads === true ? charges : [])
      for (const { path } of call ? requests : [])
        reads.set(call ?? '', (reads.get(call ?? '') ?? new Set()).add(path));
  return [...reads].flatMap(([call, paths]) => {
    const type = typeReadBy(schema, call);
    const pages = type && pagesOfType(schema, type);
    if (!pages || paths.size < 2) return [];
    const inside = relationTo(roots, type, schema);
    const { size } = paths;
    // As many as that may be found on one page of a list, whether or not the advice is taken.
    const most = mayRisk(size) > 1 ? `up to ${size}` : String(size);
    return [
      ...(inside
        ? [
            `Ask \`${inside.field}\` inside \`${inside.page}\`: saves ${most} calls, where it leads to the same records.`,
          ]
        : []),
      `${size} ${pages} by id cost up to ${size} calls. A view that holds them costs 1, whatever their number: \`${pages}(view: …, first: ${MAX_PER_PAGE})\`.`,
    ];
  });
}

/** A relation to the type that a page of the operation could bring along. */
function relationTo(
  roots: readonly RootField[],
  typeName: string,
  schema: GraphQLSchema,
): { page: string; field: string } | undefined {
  for (const { field, source, types } of roots) {
    if (source.reads !== 'page') continue;
    const relation = types
      .flatMap((type) => Object.values(type.getFields()))
      .find(
        (each) =>
          sourceOf(each.extensions).include !== undefined &&
          recordTypesOf(each.type, schema).some(({ name }) => name === typeName),
      );
    if (relation) return { page: field.alias, field: relation.name };
  }
  return undefined;
}

/** Columns that rows which come along do not have, and that a page of the type itself has. */
export const wholeRows = (calls: readonly PlannedCall[], schema: GraphQLSchema): string[] =>
  calls.flatMap(({ method, path, lacks, atMost, fields }) => {
    if (lacks.length === 0 || (atMost !== null && atMost < 3)) return [];
    const type = typeReadBy(schema, `${method} ${path}`);
    const pages = type && pagesOfType(schema, type);
    if (!pages) return [];
    const names = lacks.map((name) => `\`${name}\``).join(', ');
    const cost = atMost === null ? 'a call for each record' : `up to ${atMost} calls`;
    return [
      `${names} of \`${fields.join('`, `')}\` does not come along and costs ${cost}. \`${pages}(first: ${MAX_PER_PAGE})\` brings it with ${MAX_PER_PAGE} records for one.`,
    ];
  });

const TOLD_BY_SEARCH = new Set(['id', 'databaseId', 'name', 'displayName', 'email']);

/** What the row of a search tells by itself. */
export const toldBySearch = (roots: readonly RootField[], calls: readonly PlannedCall[]): string[] =>
  roots
    .filter(({ field }) => field.name === 'search')
    .flatMap(({ field }) => {
      const records = nested(field).filter(({ name }) => name === 'record');
      const told = records.every((record) => nested(record).every(({ name }) => TOLD_BY_SEARCH.has(name)));
      const cost = calls.find(({ fields }) =>
        fields.some((path) => records.some(({ alias }) => path === `${field.alias}.${alias}`)),
      );
      if (!told || !cost) return [];
      return [`\`${field.alias}\` tells \`name\` and \`email\` without \`record\`: saves up to ${cost.atMost} calls.`];
    });

const nested = (selection: Selection): Selection[] =>
  Object.values(selection.fieldsByTypeName).flatMap((byAlias) => Object.values(byAlias));
