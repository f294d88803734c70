import { readConfig } from '../config/config.ts';
import { registry } from '../resources/index.ts';
import { typedSchema } from '../schema/custom-fields/typed-schema.ts';
import { printSdl, schema, schemaFor } from '../server/schema.ts';
import { print } from '../terminal.ts';
import { readAccountLists, readListsFile, rowsOf } from './fields.ts';

interface SchemaOptions {
  /** Add the custom fields of the account. */
  readonly account?: boolean;
  /** Take them from this file, without a call. */
  readonly fields?: string;
}

/** Prints the schema to standard output. */
export async function printTheSchema({ account = false, fields }: SchemaOptions): Promise<void> {
  if (!account && fields === undefined) return printSchema(schema);
  const lists = fields === undefined ? await readAccountLists() : readListsFile(fields);
  const { upstream } = readConfig();
  const product = upstream.kind === 'accounts' ? 'suite' : upstream.product;
  printSchema(typedSchema(schemaFor(product), rowsOf(lists), { registry, product }));
}

const printSchema = (shown: typeof schema): void => print(...printSdl(shown).trimEnd().split('\n'));
