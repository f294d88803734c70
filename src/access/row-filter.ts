import type { Row, Sideloads } from '../freshsales/answer.ts';
import { isObject } from '../freshsales/json.ts';
import { isTrue, toMap } from '../freshsales/values.ts';
import { type Kind, kindOfType, kindUnder, OWNER_COLUMN, recordTypeOfKind, tableUnder } from './grant.ts';
import {
  hidesCustomField,
  mayRead,
  mayReadTarget,
  mayReadType,
  maySeeColumn,
  type Permissions,
} from './permissions.ts';

/** Removes what the caller may not see from rows. One per operation, because it remembers the records it has seen. */
export class RowFilter {
  readonly #permissions: Permissions;
  readonly #withheld = new Set<string>();
  readonly #shown = new Set<string>();

  constructor(permissions: Permissions) {
    this.#permissions = permissions;
  }

  /** True if the record was seen to belong to another owner. */
  isWithheld(typeName: string, id: string): boolean {
    return this.#withheld.has(`${typeName}/${id}`);
  }

  /** True if the record was seen to belong to the caller's owner. */
  isShown(typeName: string, id: string): boolean {
    return this.#shown.has(`${typeName}/${id}`);
  }

  /** `withheld`: a record of another owner. `unproven`: the row does not tell its owner, so the record must be read by id. */
  row(typeName: string, given: Row): Row | 'withheld' | 'unproven' {
    const { grants } = this.#permissions;
    const kind = kindOfType(typeName);
    if (!kind || !mayRead(grants, kind)) return 'withheld';
    const { owner } = grants[kind];
    if (owner !== undefined) {
      if (given[OWNER_COLUMN] === undefined) return 'unproven';
      const isOwn = given[OWNER_COLUMN] === owner;
      (isOwn ? this.#shown : this.#withheld).add(`${typeName}/${given.id}`);
      if (!isOwn) return 'withheld';
    }
    return this.#cleaned(typeName, kind, given);
  }

  /** Keeps rows that may be seen. Unproven rows are removed. */
  rows(typeName: string, given: readonly Row[]): Row[] {
    return given.map((each) => this.row(typeName, each)).filter((each) => typeof each !== 'string');
  }

  /** Keeps side-loaded rows that may be seen. Unproven rows are removed. */
  sideloads(given: Sideloads): Sideloads {
    const entries = Object.entries(given).flatMap(([key, rows]): [string, readonly Row[]][] => {
      const table = tableUnder(key);
      if (!table || !mayReadType(this.#permissions.grants, table.name)) return [];
      return [[key, this.rows(table.name, rows)]];
    });
    return Object.fromEntries(entries);
  }

  #cleaned(typeName: string, kind: Kind, given: Row): Row {
    // Attendees belong to the kind of their appointment, but have other columns.
    const isRecord = recordTypeOfKind(kind)?.name === typeName;
    const entries = Object.entries(given).flatMap(([column, cell]): [string, unknown][] => {
      if (isRecord && !maySeeColumn(this.#permissions, kind, column)) return [];
      const shown = this.#cell(kind, column, cell);
      return shown === undefined ? [] : [[column, shown]];
    });
    const row = { ...Object.fromEntries(entries), id: given.id };
    return given.targetable_type && !mayReadTarget(this.#permissions.grants, given.targetable_type)
      ? { ...row, targetable_type: null, targetable_id: null }
      : row;
  }

  #cell(kind: Kind, column: string, cell: unknown): unknown {
    const { grants } = this.#permissions;
    // Custom fields may be JSON text.
    if (column === 'custom_field' && grants[kind].hideCustomFields.length > 0)
      return without(toMap(cell), (name) => hidesCustomField(grants, kind, name));
    if (column === 'targetables' && Array.isArray(cell)) return cell.filter((each) => this.#maySeeTarget(each));
    if (column === 'targetable' || column === 'attendee') return this.#maySeeTarget(cell) ? cell : null;
    if (Array.isArray(cell) && kindUnder(column)) return this.#embedded(column, cell);
    return cell;
  }

  #maySeeTarget(target: unknown): boolean {
    return isObject(target) && mayReadTarget(this.#permissions.grants, target.type);
  }

  /** Rows inside a row. Unproven ones keep their id, so that they can be read. */
  #embedded(key: string, cells: readonly unknown[]): unknown[] | undefined {
    const kind = kindUnder(key);
    if (!kind || !mayRead(this.#permissions.grants, kind)) return undefined;
    // Lines of a deal and prices of a product have other columns, and no owner.
    const table = kind === 'products' ? undefined : tableUnder(key);
    if (!table) return [...cells];
    return cells.filter(isObject).flatMap((cell) => {
      const given = cell as Row;
      const shown = this.row(table.name, given);
      if (shown === 'withheld') return [];
      return shown === 'unproven' ? [{ id: given.id, is_primary: isTrue(given.is_primary) }] : [shown];
    });
  }
}

const without = (object: Record<string, unknown>, isHidden: (key: string) => boolean) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !isHidden(key)));
