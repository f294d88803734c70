import { getNamedType, isInputObjectType } from 'graphql';
import { expect, test } from 'vitest';
import type { InputSource } from '../../src/mutations/refers-to.ts';
import { sourceOf } from '../../src/records/field-needs.ts';
import { sandboxes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';

/** The columns that the inputs of a record type write. */
function writtenColumns(typeName: string): string[] {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  const args = mutations
    .filter(({ extensions }) => sourceOf(extensions).write?.type === typeName)
    .flatMap((field) => field.args);
  return args.flatMap(({ type }) => {
    const input = getNamedType(type);
    return isInputObjectType(input)
      ? Object.values(input.getFields()).flatMap(
          ({ extensions }) => (extensions.freshsales as InputSource | undefined)?.column ?? [],
        )
      : [];
  });
}

const folderOf = (name: string) => name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

test.each(
  sandboxes.map((sandbox) => [`src/resources/${folderOf(sandbox.recordType.name)}/sandbox.ts`, sandbox] as const),
)('%s takes every column that the inputs write', (file, { recordType, write, identifiers = [] }) => {
  const taken = new Set([...Object.keys(write.columns), ...(write.attributes ?? []), ...identifiers]);
  const written = writtenColumns(recordType.name);
  expect(written.length, `Import ./mutations.ts in ${file.replace('sandbox', 'index')}.`).toBeGreaterThan(0);
  const missing = new Set(written.filter((column) => !taken.has(column)));
  expect([...missing], `Add a cast for each of them to columns in ${file}.`).toEqual([]);
});
