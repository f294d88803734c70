import { setImmediate } from 'node:timers/promises';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { isObject } from '../freshsales/json.ts';
import { deliverInParts } from '../planner/incremental.ts';
import type { Context } from '../records/context.ts';
import { partialErrorsOf } from '../records/errors.ts';
import { limitErrors, MAX_ERRORS, shortened } from './errors.ts';

type Path = readonly (string | number)[];

/** A fragment that was deferred, or items of a list that is streamed. */
interface Increment {
  readonly path: Path;
  readonly data?: unknown;
  readonly items?: readonly unknown[] | null;
  readonly label?: string;
  readonly errors?: readonly GraphQLError[];
}

/** One part of a result: the first has `data`, those that follow have increments. */
export interface ResultPart extends ExecutionResult {
  readonly hasNext?: boolean;
  readonly incremental?: readonly Increment[];
}

export interface PartOptions {
  readonly mask: (error: unknown) => Error;
  /** The longest silence, in milliseconds. */
  readonly heartbeatMs: number;
  /** Aborted when the client hangs up. */
  readonly signal: AbortSignal;
}

/** Says only that more will come. */
const HEARTBEAT: ResultPart = { hasNext: true };

const DONE = { done: true, value: undefined } as const;

/**
 * Delivers a result in parts, as the executor makes them. They are made whether or not the client reads them, so that the
 * operation ends with its last call. It also ends when the client hangs up.
 */
export class ResultParts implements AsyncIterableIterator<ResultPart> {
  readonly #source: AsyncIterator<ResultPart>;
  readonly #context: Context;
  readonly #options: PartOptions;
  readonly #made: ResultPart[] = [];
  #delivered = 0;
  #isOver = false;
  #leaving: Promise<void> | undefined;
  #wake = () => {};
  #complete = (_whole: ExecutionResult) => {};
  /** Errors of fields that have a value nevertheless, once they are in a part. */
  readonly #reported = new Set<GraphQLError>();
  #errorsLeft = MAX_ERRORS;

  constructor(source: AsyncIterator<ResultPart>, context: Context, options: PartOptions) {
    this.#source = source;
    this.#context = context;
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Resolves when the first part is there: with all parts, or with the error that is in the place of a result that is too large. */
  async start(): Promise<ExecutionResult | this> {
    const { value } = await this.#source.next();
    const tooLarge = this.#context.addValues(0);
    if (tooLarge) {
      await this.#context.budget.close();
      return { data: null, errors: [new GraphQLError(tooLarge.message, { originalError: tooLarge })] };
    }
    this.#complete = deliverInParts(this.#context);
    this.#made.push(this.#shown(value));
    // The server stops reading a response whose client has left, without saying so.
    this.#options.signal.addEventListener('abort', () => void this.return(), { once: true });
    void this.#makeOthers();
    return this;
  }

  async next(): Promise<IteratorResult<ResultPart, undefined>> {
    if (this.#delivered === this.#made.length && !this.#isOver) await this.#changed();
    const part = this.#made[this.#delivered];
    if (part) this.#delivered += 1;
    else if (this.#isOver) return DONE;
    return { done: false, value: part ?? HEARTBEAT };
  }

  async return(): Promise<IteratorResult<ResultPart, undefined>> {
    if (!this.#isOver) this.#leaving = this.#leave();
    await this.#leaving;
    return DONE;
  }

  async #leave(): Promise<void> {
    this.#isOver = true;
    this.#wake();
    await this.#context.budget.close();
    const left = new GraphQLError('The client closed the connection.', { extensions: { code: 'ABORTED' } });
    this.#complete(wholeOf([...this.#made, { errors: [left] }]));
  }

  /** Resolves when there is another part, when there is none, and when a sign of life is due. */
  async #changed(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, this.#options.heartbeatMs).unref();
    });
    clearTimeout(timer);
  }

  async #makeOthers(): Promise<void> {
    for (let hasNext = true; hasNext; ) {
      // The executor looks at all parts each time, so that those that are there together have to be taken together.
      await setImmediate();
      const part = await this.#following();
      hasNext = part.hasNext === true;
      if (!hasNext) await this.#context.budget.close();
      if (this.#isOver) return;
      this.#made.push(this.#shown(part));
      if (!hasNext) {
        this.#isOver = true;
        this.#complete(wholeOf(this.#made));
      }
      this.#wake();
    }
  }

  /** The next part. An answer that is too large ends with an error. */
  async #following(): Promise<ResultPart> {
    try {
      const { value = { hasNext: false } } = await this.#source.next();
      const tooLarge = this.#context.addValues(0);
      if (tooLarge) throw tooLarge;
      return value;
    } catch (error) {
      const located = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
      return { incremental: [{ data: null, path: [], errors: [located] }], hasNext: false };
    }
  }

  #shown({ errors = [], incremental, ...part }: ResultPart): ResultPart {
    const increments = incremental?.map((each) => this.#withErrors(each, each));
    const first: ResultPart =
      part.data === undefined ? part : this.#withErrors(part, { path: [], data: part.data, errors });
    const shown = { ...first, ...(increments && { incremental: increments }) };
    return part.hasNext === true ? shown : { ...shown, ...this.#rest() };
  }

  /** Errors that lead into no part. */
  #rest() {
    const errors = this.#visible(this.#unreported(() => true));
    return errors.length > 0 ? { errors } : {};
  }

  #withErrors<T>(part: T, increment: Increment): T {
    const { errors: own = [] } = increment;
    const beside = this.#unreported(({ path = [] }) => contains(increment, path));
    const errors = this.#visible([...own, ...beside]);
    return errors.length > 0 ? { ...part, errors } : part;
  }

  #unreported(isWanted: (error: GraphQLError) => boolean): GraphQLError[] {
    const found = partialErrorsOf(this.#context).filter((error) => !this.#reported.has(error) && isWanted(error));
    for (const error of found) this.#reported.add(error);
    return found;
  }

  /** Errors as the caller sees them. Yoga does this only for those of whole results. */
  #visible(errors: readonly GraphQLError[]): GraphQLError[] {
    const limited = limitErrors(errors, this.#errorsLeft);
    this.#errorsLeft = Math.max(0, this.#errorsLeft - limited.length);
    return limited.map((error) => {
      const masked = this.#options.mask(error);
      return shortened(masked instanceof GraphQLError ? masked : new GraphQLError(masked.message));
    });
  }
}

/** True if a path leads into an increment. */
function contains({ path: start, data, items }: Increment, path: Path): boolean {
  if (!items) return startsWith(path, start) && leadsInto(data, path.slice(start.length));
  const [index, list] = [start.at(-1), start.slice(0, -1)];
  const place = Number(path[list.length]) - Number(index);
  return startsWith(path, list) && place in items && leadsInto(items[place], path.slice(start.length));
}

const startsWith = (path: Path, start: Path): boolean => start.every((step, index) => path[index] === step);

function leadsInto(data: unknown, path: Path): boolean {
  let value = data;
  for (const step of path) {
    if (value === null) return true;
    if (!hasKeys(value) || !Object.hasOwn(value, step)) return false;
    value = value[step];
  }
  return value !== undefined;
}

const hasKeys = (value: unknown): value is Record<string | number, unknown> => isObject(value) || Array.isArray(value);

/** The result as if it had been delivered at once. Its data are put together if they are wanted. */
function wholeOf(parts: readonly ResultPart[]): ExecutionResult {
  const errors = parts.flatMap((part) => [
    ...(part.errors ?? []),
    ...(part.incremental ?? []).flatMap((each) => each.errors ?? []),
  ]);
  return {
    get data() {
      const [first, ...others] = structuredClone(
        parts.map(({ data, incremental = [] }) => ({ data, incremental: incremental.map(withoutErrors) })),
      );
      for (const increment of others.flatMap(({ incremental }) => incremental)) place(first?.data, increment);
      return first?.data ?? null;
    },
    ...(errors.length > 0 && { errors }),
  };
}

const withoutErrors = ({ path, data, items }: Increment): Increment => ({ path, data, ...(items && { items }) });

function place(root: unknown, { path, data, items }: Increment): void {
  const target = path
    .slice(0, items ? -1 : undefined)
    .reduce<unknown>((value, step) => (hasKeys(value) ? value[step] : undefined), root);
  if (Array.isArray(target) && items) target.push(...items);
  else merge(target, data);
}

function merge(target: unknown, source: unknown): void {
  if (!hasKeys(target) || !hasKeys(source)) return;
  for (const [key, value] of Object.entries(source)) {
    // An alias may be named like something that every object inherits.
    const own = Object.hasOwn(target, key) ? target[key] : undefined;
    if (hasKeys(own) && hasKeys(value)) merge(own, value);
    else Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  }
}
