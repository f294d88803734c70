import { expect, test } from 'vitest';
import { escapeControls, escapeJson } from '../src/terminal.ts';

/** Written by code point: they are not seen in an editor either. */
const UNSAFE: Record<string, readonly number[]> = {
  'C0 controls': [0x00, 0x07, 0x08, 0x09, 0x0a, 0x0d, 0x1b],
  DEL: [0x7f],
  'C1 controls': [0x80, 0x85, 0x9b, 0x9d],
  'line separators': [0x2028, 0x2029],
  'bidirectional marks': [0x061c, 0x200e, 0x200f],
  'bidirectional overrides and isolates': [0x202a, 0x202d, 0x202e, 0x2066, 0x2069],
  'zero-width characters': [0x00ad, 0x034f, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff],
  'blank letters': [0x115f, 0x3164, 0xffa0],
  'variation selectors': [0xfe0f, 0xe0100],
  tags: [0xe0001, 0xe0041],
  'lone surrogates': [0xd800, 0xdfff],
};

test.each(Object.entries(UNSAFE))('escapes %s', (_name, points) => {
  for (const point of points) {
    const text = `a${String.fromCodePoint(point)}b`;
    const shown = escapeControls(text);
    expect(shown).toMatch(/^a(\\u[0-9a-f]{4}){1,2}b$/);
    expect(JSON.parse(escapeJson(JSON.stringify({ text }, null, 2)))).toEqual({ text });
    expect(escapeJson(JSON.stringify({ text }))).toMatch(/^[\x20-\x7e]+$/);
  }
});

test('leaves letters of every script, signs and emoji as they are', () => {
  for (const text of ['Zoë Müller', '株式会社', 'שלום', '“Acme” – 5 €', '👋🏽', '\\u001b'])
    expect(escapeControls(text)).toBe(text);
});
