/** A list of strings. Freshsales sends some as one string joined with “;”, and null for an empty list. */
export const stringList = <Column extends string>(column: Column, description: string) => ({
  nullable: { list: false, items: false } as const,
  description,
  extensions: { pothosExposedField: column },
  resolve: (row: { readonly [column in Column]?: readonly string[] | string | null }): string[] => toList(row[column]),
});

function toList(cell: unknown): string[] {
  if (Array.isArray(cell)) return cell.map(String);
  return typeof cell === 'string' && cell !== '' ? cell.split(';') : [];
}
