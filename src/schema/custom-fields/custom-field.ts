import type { Row } from '../../freshsales/answer.ts';
import { isObject } from '../../freshsales/json.ts';
import { isMissingIn, type Product } from '../../freshsales/products.ts';
import type { Registry } from '../../records/record-type.ts';
import { ungroupedFields } from '../fields.ts';
import { type Choice, choicesOf, enumNamesOf, singleLine } from './choices.ts';

/** The kind of a custom field, which decides how it is read and written. */
export type CustomFieldKind =
  | 'text'
  | 'number'
  | 'decimal'
  | 'date'
  | 'dateTime'
  | 'checkbox'
  | 'dropdown'
  | 'multiSelect'
  | 'lookup'
  | 'autoNumber'
  | 'formula'
  | 'json';

/** One custom field of a record type, as outputs, inputs and filters need it. Shared by all servers and callers of an account. */
export interface CustomField {
  /** Name in Freshsales, such as cf_renewal_date. */
  readonly wireName: string;
  /** Name in GraphQL, such as renewalDate. */
  readonly name: string;
  readonly kind: CustomFieldKind;
  /** Label in Freshsales, in one line. */
  readonly label: string;
  readonly help: string | undefined;
  /** The choices of a dropdown or multi-select. */
  readonly choices: readonly Choice[];
  /** Enum names of the choices, in their order. Undefined if the choices make no enum. */
  readonly enumNames: readonly string[] | undefined;
  /** True if new records need a value. */
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  /** Characters that a text may have, if the account says so. */
  readonly maxLength: number | undefined;
  /** GraphQL type of the record that a lookup points to. */
  readonly target: string | undefined;
}

/** The kinds of Freshsales, without case and punctuation. The words for some of them are not attested (FACTS 19). */
const KINDS: Readonly<Record<string, CustomFieldKind>> = {
  ...kindsNamed('text', 'text textarea string paragraph email url phone phonenumber'),
  ...kindsNamed('number', 'number integer'),
  ...kindsNamed('decimal', 'decimal currency money percent percentage'),
  ...kindsNamed('date', 'date datepicker'),
  ...kindsNamed('dateTime', 'datetime datetimesplit datetimepicker'),
  ...kindsNamed('checkbox', 'checkbox boolean'),
  ...kindsNamed('dropdown', 'dropdown radio select singleselect'),
  ...kindsNamed('multiSelect', 'multiselectdropdown multiselect'),
  ...kindsNamed('lookup', 'lookup autocomplete'),
  ...kindsNamed('autoNumber', 'autonumber'),
  ...kindsNamed('formula', 'formula'),
};

function kindsNamed(kind: CustomFieldKind, words: string): Record<string, CustomFieldKind> {
  return Object.fromEntries(words.split(' ').map((word) => [word, kind]));
}

/** The parts of an account that matter here: its product, and the types that lookups can point to. */
export interface AccountFacts {
  readonly product: Product;
  readonly registry: Registry;
}

/** The custom fields of a field list, in the order of their ids. Accepts any list: what makes no sense is skipped. */
export function customFieldsOf(rows: readonly Row[], account: AccountFacts): CustomField[] {
  const named = new Map<string, Row>();
  for (const row of ungroupedFields(rows).toSorted(byId)) {
    const { name } = row;
    if (typeof name === 'string' && PREFIX.test(name) && !named.has(name)) named.set(name, row);
  }
  const used = new Set<string>();
  return [...named].map(([wireName, row]) => describe(row, { wireName, name: graphqlName(wireName, used), account }));
}

const PREFIX = /^cf_/;

/** Ids are digits, of any length. Fields without an id come last, in the order of the list. */
function byId({ id: a }: Row, { id: b }: Row): number {
  const [isA, isB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (!isA || !isB) return Number(isB) - Number(isA);
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

interface Naming {
  readonly wireName: string;
  readonly name: string;
  readonly account: AccountFacts;
}

function describe(row: Row, { wireName, name, account }: Naming): CustomField {
  const word = String(row.type ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '');
  const target = word in LOOKUPS ? targetOf(row, account) : undefined;
  const kind = kindOf(word, row, target);
  const choices = kind === 'dropdown' || kind === 'multiSelect' ? choicesOf(row.choices) : [];
  return {
    wireName,
    name,
    kind,
    choices,
    target: kind === 'lookup' ? target : undefined,
    label: singleLine(row.label) ?? wireName,
    help: HELP.map((key) => singleLine(row[key])).find((text) => text !== undefined),
    enumNames: enumNamesOf(choices),
    isRequired: row.required === true || row.required === 'true',
    isReadOnly: isReadOnly(kind, row),
    maxLength: kind === 'text' ? maxLengthOf(row) : undefined,
  };
}

const LOOKUPS = { lookup: true, autocomplete: true };

/** A lookup without a known target is shown as it is stored, and so is a list of several records. */
function kindOf(word: string, row: Row, target: string | undefined): CustomFieldKind {
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind === 'lookup') return target === undefined || row.multiple === true ? 'json' : 'lookup';
  return kind ?? 'json';
}

/** Keys of help texts. Not attested. */
const HELP = ['help_text', 'placeholder', 'description', 'hint', 'tooltip'];

/** The mark of a read-only field is not attested either; `actionable: false` is the nearest. */
const isReadOnly = (kind: CustomFieldKind, row: Row): boolean =>
  kind === 'autoNumber' ||
  kind === 'formula' ||
  row.actionable === false ||
  row.read_only === true ||
  row.readonly === true ||
  row.editable === false;

const LENGTHS = ['max_length', 'maxlength', 'maxLength', 'character_limit', 'length'];

function maxLengthOf(row: Row): number | undefined {
  const options = isObject(row.field_options) ? row.field_options : {};
  const given = LENGTHS.flatMap((key) => [row[key], options[key]]).map(Number);
  return given.find((length) => Number.isInteger(length) && length > 0);
}

/** Keys that may name the target of a lookup. Not attested; `auto_suggest_url` is what built-in fields have. */
const TARGETS = ['target_type', 'target', 'lookup_entity', 'lookup_type', 'entity', 'entity_type', 'related_entity'];

function targetOf(row: Row, account: AccountFacts): string | undefined {
  const options = isObject(row.field_options) ? row.field_options : {};
  for (const value of TARGETS.flatMap((key) => [row[key], options[key]])) {
    const type = typeof value === 'string' ? typeNamed(value, account) : undefined;
    if (type !== undefined) return type;
  }
  const url = typeof row.auto_suggest_url === 'string' ? row.auto_suggest_url : '';
  const [path = '', query = ''] = url.split('?');
  const included = new URLSearchParams(query).get('include')?.split(',') ?? [];
  if (included.length === 1) return typeNamed(included[0] ?? '', account);
  if (included.length > 1) return undefined;
  const last = (path.split('/').at(-1) ?? '').replace(/\.json$/, '').replace(/_full_details$/, '');
  return typeNamed(last, account);
}

/** Accepts `contact`, `contacts`, `Contact`, `SalesAccount` and, for users, `owner`. */
function typeNamed(word: string, { registry: { recordTypes, table }, product }: AccountFacts): string | undefined {
  const plain = word.toLowerCase().replaceAll(/[^a-z]/g, '');
  if (/^(user|owner)s?$/.test(plain)) return table('User')?.name;
  return recordTypes.find(({ name, many, fetch }) => {
    return (
      fetch.length > 0 && !isMissingIn(product, name) && [name.toLowerCase(), many.replaceAll('_', '')].includes(plain)
    );
  })?.name;
}

/** Names that plain objects have, so that graphql-js would read them where they are left out. */
const RESERVED = new Set(['id', ...Object.getOwnPropertyNames(Object.prototype)]);

/**
 * `cf_renewal_date` becomes `renewalDate`. A name that is not valid, not unique or `id` keeps its prefix; other characters
 * become `_`, and a number is added where it is still not unique.
 */
function graphqlName(wireName: string, used: Set<string>): string {
  const words = wireName
    .slice('cf_'.length)
    .split('_')
    .filter((word) => word !== '');
  const capitalized = words.map(upperFirst).join('');
  const short = `${capitalized.slice(0, 1).toLowerCase()}${capitalized.slice(1)}`;
  const long = `cf${capitalized}`.replaceAll(/[^A-Za-z0-9_]/gu, '_');
  const isFree = (name: string) => /^[A-Za-z]\w*$/.test(name) && !RESERVED.has(name) && !used.has(name);
  const name = isFree(short) ? short : unused(long, used);
  used.add(name);
  return name;
}

/** A name that is not used yet: with 2, 3 and so on after it. */
export function unused(name: string, used: { has(name: string): boolean }): string {
  if (!used.has(name)) return name;
  let number = 2;
  while (used.has(`${name}${number}`)) number += 1;
  return `${name}${number}`;
}

export const upperFirst = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
