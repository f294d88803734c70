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
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ExportError } from './export-error.ts';

/** Refuses a path of something else than a file, such as a folder or a device. */
export function checkIsFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false)
    throw new ExportError(`${path} is not a file. Choose another path.`);
}

/** A file that only grows, and that can be cut back to where a checkpoint was made. */
export class GrowingFile {
  /** Bytes written. */
  size: number;
  readonly #descriptor: number;

  /** Opens the file with its first `size` bytes. What follows them is dropped. */
  constructor(path: string, size: number) {
    checkIsFile(path);
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

/** The point at which an interrupted export or import continues. Survives a kill: it is replaced as a whole. */
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
    this.#write(() => {
      const draft = `${this.#path}.tmp`;
      writeFileSync(draft, JSON.stringify(state), { mode: 0o600, flush: true });
      renameSync(draft, this.#path);
    });
  }

  #write(write: () => void): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      write();
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EEXIST') throw taken();
      throw new ExportError(
        `The checkpoint ${this.#path} cannot be written (${code}). Set STATE_DIR to a folder that can be written.`,
      );
    }
  }

  /**
   * Reserves the work for this process, so that no second one writes to the same file. Returns how to give it back.
   *
   * @throws ExportError if another process is at it.
   */
  take(): () => void {
    const path = this.beside('lock');
    if (isHeld(path)) throw taken();
    this.#write(() => {
      rmSync(path, { force: true });
      writeFileSync(path, `${hostname()} ${process.pid}`, { mode: 0o600, flag: 'wx' });
    });
    const timer = setInterval(() => utimesSync(path, new Date(), new Date()), LOCK_MS / 4).unref();
    return () => {
      clearInterval(timer);
      rmSync(path, { force: true });
    };
  }

  remove(): void {
    for (const extension of ['json', 'ids']) rmSync(this.beside(extension), { force: true });
  }
}

const taken = () =>
  new ExportError(
    'Another process works on the same file. Wait for its end, or stop it. If it was killed on another machine, try again in a minute.',
  );

/** A lock that its process has not renewed for so long is that of a process that ended. */
const LOCK_MS = 60_000;

/** True if the process that holds a lock is alive, as far as can be known. */
function isHeld(path: string): boolean {
  const renewedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (Date.now() - renewedAt > LOCK_MS) return false;
  const [host = '', pid = ''] = readFileSync(path, 'utf8').split(' ');
  if (host !== hostname()) return true;
  // A container that is started again has the same name and the same process id.
  return Number(pid) !== process.pid && isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** The size of a file, or 0 if there is none. */
export const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
