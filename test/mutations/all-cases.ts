import { readdirSync } from 'node:fs';
import type { Case } from './case.ts';

const folder = new URL('cases/', import.meta.url);

type Lists = Readonly<Record<string, readonly Case[]>>;

const modules = await Promise.all(
  readdirSync(folder).map((file) => import(new URL(file, folder).href) as Promise<Lists>),
);

/** The cases that the files in `cases/` export. A new file is among them. */
export const allCases: readonly Case[] = modules.flatMap((lists) => Object.values(lists).flat());
