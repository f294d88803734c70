import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { KEY } from './child.ts';

const repository = join(import.meta.dirname, '../..');

/** What must be in no answer and in no line of a log, by name. */
const leaks = (upstream: string): readonly (readonly [string, string | RegExp])[] => [
  ['a stack', /\n\s+at (async )?[\w.<>$ [\]]+\((file:|node:|\/)|\bnode:internal\b|\bat file:\/\//],
  ['the folder of the server', repository],
  // Not as in comments of GraphiQL, whose paths are relative.
  ['a folder of packages', /(?<![\w.])(\/[\w.+@-]+)+\/node_modules/],
  ['the path of Node', process.execPath],
  ['a folder of its user', `${homedir()}/`],
  ['a folder for temporary files', `${tmpdir()}/`],
  ['the key', KEY],
  // The error that tells of a redirect names its host, which may be the same one.
  [
    'the address of Freshsales',
    new RegExp(`(?<!redirected the request to )${new URL(upstream).host}|${new URL(upstream).host}/`),
  ],
  ['a fault of our own', 'INTERNAL_SERVER_ERROR'],
  ['a report of one', 'Internal error'],
];

/** Throws where a text holds what it must not. */
export function checkLeaks(where: string, text: string, upstream: string): void {
  for (const [name, leak] of text === '' ? [] : leaks(upstream)) {
    const at = typeof leak === 'string' ? text.indexOf(leak) : text.search(leak);
    if (at >= 0) throw new Error(`${where} shows ${name}: ${text.slice(Math.max(0, at - 300), at + 500)}`);
  }
}
