import type { GraphQLFieldResolver } from 'graphql';
import { addresses, columns, relations } from './relations.ts';
import type { Rest, Row } from './rest.ts';
import { roots } from './roots.ts';

/** A typical first version: each field requests what it needs. */
export const resolveField: GraphQLFieldResolver<Row, Rest> = (source, args, rest, { parentType, fieldName }) => {
  const root = parentType.name === 'Query' ? roots[fieldName] : undefined;
  if (root) return root(rest, args);
  const name = `${parentType.name}.${fieldName}`;
  if (name === 'Task.target') return target(rest, source);
  if (name === 'Contact.activities') return timeline(rest, source, Number(args.first));
  if (relations[name]) return follow(rest, source, name);
  if (source[fieldName] !== undefined) return source[fieldName];
  return cell(rest, source, parentType.name, columns[name] ?? snake(fieldName));
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const rowsAt = (answer: Row, path: string): readonly Row[] => {
  const found = path.split('.').reduce<unknown>((at, key) => (at as Row | undefined)?.[key], answer);
  return Array.isArray(found) ? found : [];
};

async function follow(rest: Rest, source: Row, name: string): Promise<unknown> {
  const relation = relations[name];
  if (!relation) return null;
  if ('list' in relation) {
    const rows = rowsAt(await rest.get(`/${relation.list}`), relation.key);
    return rows.find(({ id }) => id === source[relation.by]) ?? null;
  }
  const { path, include, key, many } = relation;
  const rows = rowsAt(await rest.get(`/${path}/${source.id}?include=${include}`), key);
  return many ? { nodes: rows, totalCount: rows.length } : (rows[0] ?? null);
}

/** Reads the record if the row lacks a column. */
async function cell(rest: Rest, source: Row, type: string, column: string): Promise<unknown> {
  const [path, one] = addresses[type] ?? [];
  if (source[column] !== undefined || path === undefined || one === undefined) return source[column];
  return ((await rest.get(`/${path}/${source.id}`))[one] as Row | undefined)?.[column];
}

async function target(rest: Rest, source: Row): Promise<Row | null> {
  const [about] = rowsAt(source, 'targetables');
  const [path, one] = addresses[String(about?.type)] ?? [];
  if (!about || path === undefined || one === undefined) return null;
  const row = (await rest.get(`/${path}/${about.id}`))[one] as Row | undefined;
  return row ? { ...row, __typename: about.type } : null;
}

async function timeline(rest: Rest, source: Row, first: number): Promise<readonly Row[]> {
  return rowsAt(await rest.get(`/contacts/${source.id}/activities`), 'activities').slice(0, first);
}
