import type { Sideloads } from '../freshsales/answer.ts';
import type { FilterRule } from '../freshsales/client.ts';
import { columnOf, type Include } from '../freshsales/resource.ts';
import { isObject, type Row } from '../freshsales/rows.ts';
import { hiddenColumns, kindOfInclude, kindUnder, OWNER_COLUMN, tableUnder } from './columns.ts';
import { hidesCustomField, mayRead, mayReadType } from './grant.ts';
import { type Kind, kindOfTarget, kindOfType, recordTypeOfKind } from './kind.ts';
import type { Policy } from './policy.ts';

/** Takes out of what Freshsales sent whatever the caller may not see. One for each operation: it remembers what it withheld. */
export interface RowFilter {
  /** A record or the row of a page. One of somebody else is not there, and one whose owner is not told has to be read by itself. */
  row(typeName: string, row: Row): Row | 'withheld' | 'unproven';
  /** Whether a record was seen to be somebody else's. */
  isWithheld(typeName: string, id: string): boolean;
  /** Whether a record was seen that may be shown. */
  isShown(typeName: string, id: string): boolean;
  /** Rows that came along: those that may be seen, and are known to be the caller's where that matters. */
  sideloads(sideloads: Sideloads): Sideloads;
}

export const createRowFilter = (policy: Policy): RowFilter => new PolicyRowFilter(policy);

class PolicyRowFilter implements RowFilter {
  readonly #policy: Policy;
  readonly #withheld = new Set<string>();
  readonly #shown = new Set<string>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  isWithheld(typeName: string, id: string): boolean {
    return this.#withheld.has(`${typeName}/${id}`);
  }

  isShown(typeName: string, id: string): boolean {
    return this.#shown.has(`${typeName}/${id}`);
  }

  row(typeName: string, given: Row): Row | 'withheld' | 'unproven' {
    const { grants } = this.#policy;
    const kind = kindOfType(typeName);
    if (!kind || !mayRead(grants, kind)) return 'withheld';
    const { owner } = grants[kind];
    if (owner !== undefined && given[OWNER_COLUMN] === undefined) return 'unproven';
    if (owner !== undefined && given[OWNER_COLUMN] !== owner) {
      this.#withheld.add(`${typeName}/${given.id}`);
      return 'withheld';
    }
    if (owner !== undefined) this.#shown.add(`${typeName}/${given.id}`);
    return this.#cleaned(typeName, kind, given);
  }

  sideloads(given: Sideloads): Sideloads {
    const entries = Object.entries(given).flatMap(([key, rows]): [string, readonly Row[]][] => {
      const table = tableUnder(key);
      if (!table || !mayReadType(this.#policy.grants, table.name)) return [];
      const shown = rows.map((each) => this.row(table.name, each)).filter((each) => typeof each !== 'string');
      return [[key, shown]];
    });
    return Object.fromEntries(entries);
  }

  #cleaned(typeName: string, kind: Kind, given: Row): Row {
    const { grants, columns } = this.#policy;
    const found = recordTypeOfKind(kind);
    // Attendees are of the kind of their appointment, and have columns of their own.
    const recordType = found?.name === typeName ? found : undefined;
    const hidden = recordType ? hiddenColumns(grants, recordType) : undefined;
    const visible = recordType && columns.get(kind);
    const entries = Object.entries(given).flatMap(([column, cell]): [string, unknown][] => {
      if (hidden?.has(column) || (visible && !visible.has(column))) return [];
      const shown = this.#cell(kind, column, cell);
      return shown === undefined ? [] : [[column, shown]];
    });
    const row = { ...Object.fromEntries(entries), id: given.id };
    // A target in two columns goes where its type may not be seen.
    return given.targetable_type && !this.#mayTarget({ type: given.targetable_type })
      ? { ...row, targetable_type: null, targetable_id: null }
      : row;
  }

  #cell(kind: Kind, column: string, cell: unknown): unknown {
    const { grants } = this.#policy;
    if (column === 'custom_field' && isObject(cell) && grants[kind].hideCustomFields.length > 0)
      return without(cell, (name) => hidesCustomField(grants, kind, name));
    if (column === 'targetables' && Array.isArray(cell)) return cell.filter((each) => this.#mayTarget(each));
    if (column === 'targetable' || column === 'attendee') return this.#mayTarget(cell) ? cell : null;
    if (Array.isArray(cell) && kindUnder(column)) return this.#embedded(column, cell);
    return cell;
  }

  #mayTarget(target: unknown): boolean {
    const kind = isObject(target) ? kindOfTarget(target.type) : undefined;
    return kind !== undefined && mayRead(this.#policy.grants, kind);
  }

  /** Rows inside a row. One that is not proven keeps its id, by which it can be read. */
  #embedded(key: string, cells: readonly unknown[]): unknown[] | undefined {
    const kind = kindUnder(key);
    if (!kind || !mayRead(this.#policy.grants, kind)) return undefined;
    // Lines of a deal and prices of a product have columns of their own, and no owner.
    const table = kind === 'products' ? undefined : tableUnder(key);
    if (!table) return [...cells];
    return cells.filter(isObject).flatMap((cell) => {
      const given = cell as Row;
      const shown = this.row(table.name, given);
      if (shown === 'withheld') return [];
      return shown === 'unproven' ? [{ id: given.id, is_primary: given.is_primary === true }] : [shown];
    });
  }
}

const without = (object: Record<string, unknown>, isHidden: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !isHidden(key)));

/** Whether records of a kind may be compared by an attribute: what cannot be seen cannot be guessed at either. */
export function mayCompare(policy: Policy, kind: Kind, attribute: string): boolean {
  const { grants, columns } = policy;
  const recordType = recordTypeOfKind(kind);
  const column = columnCompared(attribute);
  if (!recordType || [attribute, column].some((name) => hidesCustomField(grants, kind, name))) return false;
  if (column.includes('.')) return mayCompareRelated(policy, kind, column);
  if (hiddenColumns(grants, recordType).has(column)) return false;
  const visible = columns.get(kind);
  if (!visible) return true;
  const behind = column.startsWith('cf_') ? 'custom_field' : column;
  return visible.has(behind) || (behind === 'email' && visible.has('emails'));
}

/** The column behind an attribute of a filter, in wire names: `contact_email.email` is the column `email`. */
const columnCompared = (attribute: string): string =>
  attribute.replace(/^\w{1,40}_email\./, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The relation that an attribute goes by, such as `sales_account.id` or `sales_account_id`. */
function includeCompared(kind: Kind, attribute: string): Include | undefined {
  const [head = ''] = columnCompared(attribute).split('.');
  const includes = Object.entries(recordTypeOfKind(kind)?.includes ?? {});
  return includes.find(([name, each]) => [name, columnOf(each)].includes(head) || columnOf(each) === `${head}_id`)?.[1];
}

/** The kind of record that a rule over this attribute names; none where it names none. */
export function kindCompared(kind: Kind, attribute: string): Kind | undefined {
  const include = includeCompared(kind, attribute);
  return include && kindOfInclude(include);
}

/** Whether a related record may be seen by what the rule goes by. Of one owner's records, only their ids tell nothing more. */
function mayCompareRelated(policy: Policy, kind: Kind, column: string): boolean {
  const include = includeCompared(kind, column);
  const related = include && kindOfInclude(include);
  if (!related || !mayRead(policy.grants, related) || !mayCompare(policy, kind, columnOf(include))) return false;
  const [, ...rest] = column.split('.');
  if (rest.join('.') === 'id') return true;
  if (!recordTypeOfKind(related)) return true;
  return policy.grants[related].owner === undefined && mayCompare(policy, related, rest.join('.'));
}

export const rulesAllowed = (policy: Policy, kind: Kind, rules: readonly FilterRule[]): boolean =>
  rules.every(({ attribute }) => mayCompare(policy, kind, attribute));

/** Freshsales names some of the fields to look up by otherwise than the columns they are. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  phone: ['work_number', 'phone'],
  company_name: ['sales_accounts', 'company'],
  name: ['display_name', 'name'],
};

/** Whether records of a kind may be looked up by this field: by every column that it stands for. */
export function comparable(policy: Policy, kind: Kind, by: string): boolean {
  const blank = recordTypeOfKind(kind)?.blank() ?? {};
  const columns = (COLUMNS[by] ?? []).filter((column) => column in blank);
  return (columns.length > 0 ? columns : [by]).every((column) => mayCompare(policy, kind, column));
}
