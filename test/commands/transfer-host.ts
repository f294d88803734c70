import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { contactType } from '../../src/resources/contact/record.ts';
import { listenSandbox } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { cliPath, folderOf, runCommand } from './command-host.ts';

/** A sandbox behind a port, and commands that run over it in a folder of their own. */
export async function openTransfers(options: SandboxOptions = {}, files: Record<string, string> = {}) {
  const sandbox = createSandbox(options);
  const { url, close } = await listenSandbox(sandbox, { host: '127.0.0.1', port: 0 });
  const folder = folderOf(files);
  const children: ChildProcess[] = [];
  const env = {
    PATH: process.env.PATH ?? '',
    FRESHSALES_URL: url,
    FRESHSALES_API_KEY: 'key',
    FRESHSALES_PRODUCT: options.product ?? 'suite',
  };
  /** Starts a command in a process of its own, with what it wrote and its end. */
  function start(args: readonly string[], more: Record<string, string> = {}) {
    const child = spawn(process.execPath, [cliPath, ...args], { cwd: folder, env: { ...env, ...more } });
    children.push(child);
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      written.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      written.stderr += String(chunk);
    });
    const ended = new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      child.on('close', (status) => resolve({ status, ...written }));
    });
    return { child, ended, written };
  }
  const pathOf = (name: string) => join(folder, name);
  const textOf = (name: string) => (existsSync(pathOf(name)) ? readFileSync(pathOf(name), 'utf8') : '');
  return {
    sandbox,
    start,
    run: (...args: string[]) => runCommand(folder, args, env),
    pathOf,
    textOf,
    linesOf: (name: string): Record<string, unknown>[] =>
      textOf(name)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    tableOf: (name: string): Record<string, string>[] => parse(textOf(name), { columns: true }),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await close();
    },
  };
}

export type Transfers = Awaited<ReturnType<typeof openTransfers>>;

/** Contacts that were created one minute after the other. */
export const contactsSeed =
  (count: number) =>
  ({ put }: Pick<Sandbox, 'put'>): void => {
    for (let number = 1; number <= count; number += 1) putContact({ put }, number);
  };

export function putContact({ put }: Pick<Sandbox, 'put'>, number: number): void {
  const at = new Date(Date.UTC(2024, 0, 1) + number * 60_000).toISOString().replace('.000', '');
  put(contactType, { id: String(5000 + number), display_name: `N ${number}`, created_at: at, updated_at: at });
}
