import { printSdl, schema } from '../server/schema.ts';
import { print } from '../terminal.ts';

/** Prints the schema to standard output. */
export function printTheSchema(): void {
  print(...printSdl(schema).trimEnd().split('\n'));
}
