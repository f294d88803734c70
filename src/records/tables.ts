import type { Table } from '../freshsales/resource.ts';

const tableOfKey = new Map<string, Table>();
const tableOfType = new Map<string, Table>();

/** The table whose rows are of this GraphQL type, if rows of it can come along. */
export const tableNamed = (type: string): Table | undefined => tableOfType.get(type);

/** The table whose rows stand under this key, wherever they come along. */
export const tableUnderKey = (key: string): Table | undefined => tableOfKey.get(key);

/** Makes a table's rows recognisable wherever they come along. */
export function registerTable(table: Table): void {
  tableOfType.set(table.name, table);
  for (const key of [table.many, ...(table.aliases ?? [])]) tableOfKey.set(key, table);
}
