type Args = Readonly<Record<string, unknown>>;

/** How many records a mutation writes with these arguments. `Infinity` where the arguments do not tell. */
export type CountRecords = (args: Args) => number;

/** Lists of an input that link other records to the one that is written, or unlink them. */
const LINKS = ['contactIds', 'addContactIds', 'removeContactIds'];

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** The record, and those that its input links or unlinks. Lines, addresses and tags are part of the record. */
export const oneRecord: CountRecords = ({ input }) =>
  LINKS.reduce((sum, name) => sum + lengthOf((input as Args | null | undefined)?.[name]), 1);

/** One for each item of a list argument, with the links that each of them gets. */
export const eachOf =
  (name: string): CountRecords =>
  (args) =>
    lengthOf(args[name]) * (name === 'input' ? 1 : oneRecord(args));

/** Everything that is there, however much that is. */
export const allRecords: CountRecords = () => Number.POSITIVE_INFINITY;

/** What belongs to a record and is deleted with it cannot be counted beforehand. */
export const withAssociated =
  (count: CountRecords): CountRecords =>
  (args) =>
    args.deleteAssociatedContactsAndDeals === true ? allRecords(args) : count(args);
