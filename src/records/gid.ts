import { badInput } from './errors.ts';

const GID = /^gid:\/\/freshsales\/([A-Za-z]{1,40})\/(\d{1,20})$/;
const RAW = /^\d{1,20}$/;

/** `gid://freshsales/Contact/31016358306`: readable, and the same for every caller. */
export const toGid = (type: string, id: string): string => `gid://freshsales/${type}/${id}`;

/** Splits a global id. Throws if it is not one. */
export function parseGid(gid: string): { type: string; id: string } {
  const [, type, id] = GID.exec(gid) ?? [];
  if (type === undefined || id === undefined)
    throw badInput(`“${shorten(gid)}” is not a global id. Use one such as gid://freshsales/Contact/31016358306.`);
  return { type, id: withoutZeros(id) };
}

/** One id for one record: Freshsales takes `007` for `7`, and what is compared, counted and logged has to be the same text. */
export const withoutZeros = (id: string): string => (RAW.test(id) ? String(BigInt(id)) : id);

/** Freshsales' own id from an ID argument, which may be that id or a global id of the right type. */
export function databaseId(type: string, given: string): string {
  if (RAW.test(given)) return withoutZeros(given);
  if (!GID.test(given))
    throw badInput(`“${shorten(given)}” is not an id. Use a Freshsales id (a number) or ${toGid(type, '…')}.`);
  const gid = parseGid(given);
  if (gid.type !== type) throw badInput(`Expected an id of type ${type}, but ${shorten(given)} has type ${gid.type}.`);
  return gid.id;
}

export const isGid = (text: string): boolean => GID.test(text);

/** Shortens a value for a message. */
export const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
