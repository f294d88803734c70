import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the tests one temporary folder, and removes it with all that they left. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'freshsales-graphql-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
