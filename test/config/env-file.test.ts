import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseEnvFile, readEnvFile } from '../../src/config/env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'env-file-'));
let files = 0;

function write(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `${files}.env`);
  writeFileSync(path, content);
  return path;
}

const read = (content: string | Uint8Array) => Object.fromEntries(readEnvFile(write(content))?.values ?? []);

test.each([
  ['a byte order mark', '\uFEFFFRESHSALES_CALLERS=callers.yaml\nPORT=1\n'],
  ['CRLF', 'FRESHSALES_CALLERS=callers.yaml\r\nPORT=1\r\n'],
  ['lone CR', 'FRESHSALES_CALLERS=callers.yaml\rPORT=1\r'],
  ['no end of line', 'FRESHSALES_CALLERS=callers.yaml\nPORT=1'],
  ['a byte order mark and CRLF', '\uFEFFFRESHSALES_CALLERS=callers.yaml\r\nPORT=1\r\n'],
  ['a byte order mark within, as of joined files', 'PORT=1\n\uFEFFFRESHSALES_CALLERS=callers.yaml\n'],
  ['export', 'export FRESHSALES_CALLERS=callers.yaml\n export\tPORT=1\n'],
  ['spaces', '  FRESHSALES_CALLERS  =  callers.yaml  \n\tPORT\t=\t1\t\n'],
  ['comments', '# one\nFRESHSALES_CALLERS=callers.yaml # two\n\n  # three\nPORT=1 #\n'],
  ['a comment that ends with CR', '# one\rFRESHSALES_CALLERS=callers.yaml\rPORT=1\r'],
  ['double quotes', 'FRESHSALES_CALLERS="callers.yaml"\nPORT="1" # one\n'],
  ['single quotes', "FRESHSALES_CALLERS='callers.yaml'\nPORT='1'# one\n"],
  ['backticks', 'FRESHSALES_CALLERS=`callers.yaml`\nPORT=`1`\n'],
])('loses nothing of a file with %s', (_what, content) => {
  expect(read(content)).toEqual({ FRESHSALES_CALLERS: 'callers.yaml', PORT: '1' });
});

test.each([
  ['A=', ''],
  ['A=""', ''],
  ['A=# none', ''],
  ['A=b#c', 'b#c'],
  ['A="b # c"', 'b # c'],
  ['A=b=c==', 'b=c=='],
  ['A="b\\nc"', 'b\nc'],
  ["A='b\\nc'", 'b\\nc'],
  ['A="b \\"c\\" \\\\"', 'b "c" \\'],
  ["A='b\nc' # d", 'b\nc'],
  ['A="b  \n# no comment\r\nB=1"', 'b  \n# no comment\nB=1'],
  ['A=it’s', 'it’s'],
  ["A=it's", "it's"],
])('reads %j as one value', (content, value) => {
  expect(read(content)).toEqual({ A: value });
});

test.each([
  ['A=1\nFRESHSALES_CALLERS callers.yaml', /:2: this line cannot be parsed\. Write NAME=value/],
  ['A=1\r\n\r\nkS3cr3t', /:3: this line cannot be parsed/],
  ['export A', /:1: this line cannot/],
  ['A: kS3cr3t', /:1: this line cannot/],
  ['\u200BA=kS3cr3t', /:1: this line cannot/],
  ['=kS3cr3t', /:1: this line cannot/],
  ['B=1\nA="kS3cr3t', /:2: the value of A begins with " and never ends\. Close the quote/],
  ["A='kS3cr3t\nB=1\n", /:1: the value of A begins with ' and never ends/],
  ['A="1" kS3cr3t', /:1: there is more after the closing quote of A/],
  ['A="1\n2"\nB', /:3: this line cannot/],
  [Buffer.from('\uFEFFA=kS3cr3t', 'utf16le'), /UTF-16.*Save it as UTF-8/],
  [Buffer.from('\uFEFFA=kS3cr3t', 'utf16le').swap16(), /UTF-16.*Save it as UTF-8/],
  [Buffer.from('A=kS3cr3t', 'utf16le'), /UTF-16.*Save it as UTF-8/],
  [Buffer.from('A=kS3cr3t\xe9', 'latin1'), /is not UTF-8\. Save it as UTF-8/],
])('refuses %j, and names the line and never the value', (content, message) => {
  expect(() => readEnvFile(write(content))).toThrow(message);
  expect(() => readEnvFile(write(content))).not.toThrow(/kS3cr3t/);
});

test('a missing file is no error; an unreadable one is', () => {
  expect(readEnvFile(join(folder, 'none'))).toBeUndefined();
  mkdirSync(join(folder, 'a-directory'));
  expect(() => readEnvFile(join(folder, 'a-directory'))).toThrow(/cannot be read \(it is a directory\)/);
  symlinkSync(join(folder, 'none'), join(folder, 'a-link'));
  expect(() => readEnvFile(join(folder, 'a-link'))).toThrow(/cannot be read/);
});

test('the last of repeated names applies, and all their lines are reported', () => {
  const { values, repeated } = parseEnvFile('A=1\nB=2\nA=3\n', '.env');
  expect(Object.fromEntries(values)).toEqual({ A: '3', B: '2' });
  expect(Object.fromEntries(repeated)).toEqual({ A: [1, 3] });
});

test('reads plain files as Node.js does', () => {
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,9}$/);
  const value = fc.stringMatching(/^[a-zA-Z0-9:/.@_-]{0,12}$/);
  const quote = fc.constantFrom('', '"', "'", '`');
  const line = fc.tuple(name, value, quote).map(([key, text, mark]) => `${key}=${mark}${text}${mark}`);
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const text = lines.join('\n');
      expect(Object.fromEntries(parseEnvFile(text, '.env').values)).toEqual({ ...parseEnv(text) });
    }),
    { seed: 11, numRuns: 200 },
  );
});
