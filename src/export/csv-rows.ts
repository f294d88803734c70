import { createReadStream } from 'node:fs';
import { type CsvError, parse } from 'csv-parse';
import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import { isCustomName } from '../schema/fields.ts';
import { NotTextError, readText } from '../text-file.ts';
import { ExportError } from './export-error.ts';

/** A row of the file as the input of a bulk upsert, or why it is none. */
export interface ImportRow {
  /** Line-independent number, from 1, without the header. */
  readonly number: number;
  readonly identifier: string;
  readonly input?: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
}

/** Which input field each column fills. Null ignores the column. */
export type ColumnMap = Readonly<Record<string, string | null>>;

interface RowInput {
  /** The input of one row of the bulk upsert. */
  readonly type: GraphQLInputObjectType;
  readonly map: ColumnMap;
  /** Empty cells clear their fields. Otherwise they are left out. */
  readonly clearsEmpty: boolean;
}

/** Reads a CSV file row by row. The first row names the fields. */
export async function* readRows(file: string, input: RowInput): AsyncGenerator<ImportRow> {
  let target: Target | undefined;
  let number = 0;
  try {
    const cells = createReadStream(file).pipe(parse({ bom: true, relax_column_count: true, skip_empty_lines: true }));
    for await (const record of cells as AsyncIterable<string[]>) {
      if (target) {
        number += 1;
        yield toRow(record, number, target, input);
      } else target = targetOf(file, record, input);
    }
  } catch (error) {
    if (error instanceof ExportError) throw error;
    const { code = '', message } = error as CsvError;
    throw new ExportError(
      code.startsWith('CSV_')
        ? `${file} is not CSV after row ${number}: ${message}`
        : `${file} cannot be read (${code || message}).`,
    );
  }
  if (!target) throw new ExportError(`${file} is empty. Its first row must name the fields.`);
}

/** The input field that each column fills. */
interface Target {
  readonly columns: readonly (string | null)[];
  readonly identifiers: readonly string[];
  readonly fields: Readonly<Record<string, GraphQLInputField>>;
}

/** The Freshsales id, as exports name it. */
const ID_COLUMNS = ['databaseId', 'id'];

function targetOf(file: string, header: readonly string[], { type, map }: RowInput): Target {
  const { data, ...rest } = type.getFields();
  const dataType = data && getNamedType(data.type);
  const fields = isInputObjectType(dataType) ? dataType.getFields() : {};
  const identifiers = Object.keys(rest);
  const known = [...identifiers, ...Object.keys(fields)];
  for (const [column, name] of Object.entries(map)) {
    if (!header.includes(column))
      throw new ExportError(`--map names the column “${column}”, which ${file} does not have.`);
    if (name !== null && !isKnown(name, known)) throw unknown(`--map: “${name}”`, name, known);
  }
  const columns = header.map((column) => {
    const name = Object.hasOwn(map, column) ? (map[column] ?? null) : column.trim();
    if (name !== null && !isKnown(name, known)) throw unknown(`The column “${column}” of ${file}`, name, known);
    return name !== null && ID_COLUMNS.includes(name) ? 'id' : name;
  });
  const named = columns.filter((name) => name !== null);
  const twice = named.find((name, index) => named.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ExportError(`Two columns of ${file} fill “${twice}”. Ignore one of them with --map.`);
  if (!identifiers.some((name) => named.includes(name)))
    throw new ExportError(`${file} needs a column that identifies its rows: ${identifiers.join(' or ')}.`);
  return { columns, identifiers, fields };
}

const isKnown = (name: string, known: readonly string[]): boolean =>
  ID_COLUMNS.includes(name) || known.includes(name) || isCustomName(name);

function unknown(what: string, name: string, known: readonly string[]): ExportError {
  const near = suggestionList(name, [...known]).slice(0, 3);
  const [best] = near;
  const ignore = JSON.stringify({ [name]: null });
  const fix = best
    ? `Did you mean ${near.join(', ')}? Rename the column, map it with --map FILE: ${JSON.stringify({ [name]: best })}, or ignore it: ${ignore}.`
    : `Rename the column, or ignore it with --map FILE: ${ignore}.`;
  return new ExportError(`${what} is not an input field. ${fix}`);
}

function toRow(record: readonly string[], number: number, target: Target, { clearsEmpty }: RowInput): ImportRow {
  const { columns, identifiers, fields } = target;
  const given = new Map<string, string>();
  for (const [index, name] of columns.entries()) if (name !== null) given.set(name, record[index] ?? '');
  // The id comes before the other identifiers, which are then data.
  const by = [...identifiers].sort((a, b) => Number(b === 'id') - Number(a === 'id'));
  const identifying = by.find((name) => (given.get(name) ?? '').trim() !== '');
  const identifier = identifying === undefined ? '' : (given.get(identifying) ?? '').trim();
  const problems = record.length > columns.length ? ['The row has more cells than the header.'] : [];
  if (identifying === undefined) problems.push(`The row has no ${by.join(' and no ')}.`);
  const data: Record<string, unknown> = {};
  const customFields: Record<string, unknown> = {};
  for (const [name, text] of given) {
    if (name === identifying || name === 'id') continue;
    if (text === '' && !clearsEmpty) continue;
    const field = fields[name];
    if (!field) {
      if (name.startsWith('cf_')) customFields[name] = text === '' ? null : text;
      continue;
    }
    const value = text === '' ? null : readCell(field.type, text);
    if (value === undefined) problems.push(`“${name}” cannot be ${shortened(text)}.`);
    else data[name] = value;
  }
  if (Object.keys(customFields).length > 0) data.customFields = customFields;
  const input = identifying === undefined ? {} : { [identifying]: identifier, data };
  return { number, identifier, problems, ...(problems.length === 0 && { input }) };
}

const shortened = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** The value of a cell. Undefined if the field cannot have it. Scalars of the API check the rest. */
function readCell(type: GraphQLInputType, text: string): unknown {
  const named = getNamedType(type);
  if (isListType(getNullableType(type))) return listOf(text, isInputObjectType(named));
  if (isInputObjectType(named) || named.name === 'JSON') return jsonOf(text);
  if (named.name !== 'Int' && named.name !== 'Float') return text;
  const number = Number(text);
  return text.trim() === '' || Number.isNaN(number) ? undefined : number;
}

/** A JSON list as exports write it, or values with semicolons between them. */
function listOf(text: string, isOfObjects: boolean): unknown {
  const value = text.trim().startsWith('[') ? jsonOf(text) : undefined;
  if (Array.isArray(value) || isOfObjects) return value;
  return text
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads `--map`: a JSON object from columns to input fields. */
export function readMap(file: string | undefined): ColumnMap {
  if (file === undefined) return {};
  let value: unknown;
  try {
    value = jsonOf(readText(file));
  } catch (error) {
    if (error instanceof NotTextError) throw new ExportError(`${file} ${error.message}.`);
    throw new ExportError(`${file} cannot be read (${(error as { code?: string }).code}). Set --map to a JSON file.`);
  }
  const isMap =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => each === null || typeof each === 'string');
  if (isMap) return value as ColumnMap;
  throw new ExportError(`${file} is not a map of columns. Write for example {"E-Mail": "email", "Notes": null}.`);
}
