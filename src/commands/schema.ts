import { schema } from '../schema.ts';
import { printSdl } from '../sdl.ts';

/** Prints the schema to standard output. */
export function printTheSchema(): void {
  process.stdout.write(printSdl(schema));
}
