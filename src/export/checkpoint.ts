import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ExportError } from './export-error.ts';

/** A file that only grows, and that can be cut back to where a checkpoint was made. */
export class GrowingFile {
  /** Bytes written. */
  size: number;
  readonly #descriptor: number;

  /** Opens the file with its first `size` bytes. What follows them is dropped. */
  constructor(path: string, size: number) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
      throw new ExportError(`${path} is not a file. Choose another path.`);
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#descriptor = openSync(path, size === 0 ? 'w' : 'r+');
    } catch (error) {
      throw new ExportError(`${path} cannot be written (${(error as { code?: string }).code}). Choose another path.`);
    }
    ftruncateSync(this.#descriptor, size);
    this.size = size;
  }

  append(text: string): void {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, this.size + written);
    this.size += bytes.length;
  }

  /** Waits until it is on the disk. */
  sync(): void {
    fsyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** Where an interrupted export or import goes on. Survives a kill: it is replaced as a whole. */
export class Checkpoint<T extends object> {
  readonly #path: string;

  /** `kind` and `target` name the work: an export to this file. */
  constructor(folder: string, kind: string, target: string) {
    const name = createHash('sha256').update(resolve(target)).digest('hex').slice(0, 16);
    this.#path = join(folder, `${kind}s`, `${name}.json`);
  }

  /** A file beside it. */
  beside(extension: string): string {
    return this.#path.replace(/json$/, extension);
  }

  read(): T | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as T;
    } catch {
      throw new ExportError(`The checkpoint ${this.#path} cannot be read. Start again with --restart.`);
    }
  }

  save(state: T): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const draft = `${this.#path}.tmp`;
      writeFileSync(draft, JSON.stringify(state), { mode: 0o600, flush: true });
      renameSync(draft, this.#path);
    } catch (error) {
      const { code } = error as { code?: string };
      throw new ExportError(
        `The checkpoint ${this.#path} cannot be written (${code}). Set STATE_DIR to a folder that can be written.`,
      );
    }
  }

  remove(): void {
    for (const extension of ['json', 'ids']) rmSync(this.beside(extension), { force: true });
  }
}

/** The size of a file, or 0 if there is none. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
