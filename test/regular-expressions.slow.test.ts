import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '@babel/parser';
import { expect, test } from 'vitest';

// The checker also comes as a native program and in Java; the one in JavaScript runs everywhere.
process.env.RECHECK_BACKEND = 'pure';
const { checkSync } = await import('recheck');

/** The exact checker, not the one that guesses. An expression that is too complicated for it is too complicated. */
const check = (source: string, flags = '') =>
  checkSync(source, flags, { checker: 'automaton', timeout: 15_000 }).status;

const src = new URL('../src/', import.meta.url);

interface Found {
  readonly literals: Map<string, { readonly source: string; readonly flags: string }>;
  /** Expressions that are put together at run time, which nothing can check. */
  readonly built: string[];
}

const found: Found = { literals: new Map(), built: [] };

function collect(node: unknown, file: string): void {
  if (Array.isArray(node)) for (const each of node) collect(each, file);
  else if (isNode(node)) {
    if (node.type === 'RegExpLiteral') {
      const [source, flags] = [String(node.pattern), String(node.flags)];
      found.literals.set(`/${source}/${flags}`, { source, flags });
    }
    if (isNode(node.callee) && node.callee.name === 'RegExp') found.built.push(file);
    for (const [key, child] of Object.entries(node)) if (!/comments$/i.test(key)) collect(child, file);
  }
}

const isNode = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

for (const path of readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.ts'))) {
  const text = readFileSync(new URL(path, src), 'utf8');
  collect(parse(text, { sourceType: 'module', plugins: ['typescript'] }).program, path);
}

test('every regular expression is a literal, so that it can be checked', () => {
  expect(found.literals.size).toBeGreaterThan(100);
  expect(found.built).toEqual([]);
});

test.each([...found.literals])('%s takes linear time', (_literal, { source, flags }) => {
  expect(check(source, flags)).toBe('safe');
});

test.each([String.raw`\/+$`, String.raw`^(\w+\s?)*$`, '".*".*"x'])('the checker finds that /%s/ does not', (source) => {
  expect(check(source)).toBe('vulnerable');
});
