interface ShownError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

interface Increment {
  readonly path: readonly (string | number)[];
  readonly data?: unknown;
  readonly items?: readonly unknown[] | null;
  readonly label?: string;
  readonly errors?: readonly ShownError[];
}

/** One part of an answer, as it arrives. */
export interface Part {
  readonly data?: unknown;
  readonly errors?: readonly ShownError[];
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly hasNext?: boolean;
  readonly incremental?: readonly Increment[];
}

export const MULTIPART = 'multipart/mixed;deferSpec=20220824, application/json';

interface Asked {
  readonly variables?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A request for an answer in parts, as clients send it. */
export const requestFor = (query: string, { variables, headers, signal }: Asked = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: MULTIPART, ...headers },
  body: JSON.stringify({ query, variables }),
  ...(signal && { signal }),
});

interface Server {
  readonly yoga: { readonly fetch: (url: string, init: RequestInit) => Promise<Response> };
  readonly sandbox: { readonly requests: readonly string[] };
}

/** Sends an operation, and gives its parts and the Freshsales requests. */
export async function askInParts({ yoga, sandbox }: Server, query: string, asked: Asked = {}) {
  const before = sandbox.requests.length;
  const response = await yoga.fetch('http://127.0.0.1/graphql', requestFor(query, asked));
  const parts: Part[] = [];
  for await (const part of partsIn(response)) parts.push(part);
  return { response, parts, requests: sandbox.requests.slice(before) };
}

/** The parts of a response as they come: of multipart/mixed, of server-sent events, or one. */
export async function* partsIn(response: Response): AsyncGenerator<Part> {
  const type = response.headers.get('content-type') ?? '';
  const separator = type.startsWith('multipart/') ? /\r\n---/ : /\n\n/;
  let rest = '';
  for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    rest += text;
    if (type.startsWith('application/')) continue;
    const pieces = rest.split(separator);
    rest = pieces.pop() ?? '';
    for (const piece of pieces) {
      const [, json] = /(?:\r\n\r\n|^event: next\ndata: )(.+)$/s.exec(piece) ?? [];
      if (json !== undefined) yield JSON.parse(json) as Part;
    }
  }
  if (type.startsWith('application/')) yield JSON.parse(rest) as Part;
}

type Keyed = Record<string | number, unknown>;

const isKeyed = (value: unknown): value is Keyed => typeof value === 'object' && value !== null;

/** What a client shows when it has all parts. */
export function joined(parts: readonly Part[]): unknown {
  const data = structuredClone(parts[0]?.data);
  for (const { path, data: more, items } of parts.flatMap(({ incremental = [] }) => incremental)) {
    const steps = items ? path.slice(0, -1) : path;
    const target = steps.reduce<unknown>((value, step) => (isKeyed(value) ? value[step] : undefined), data);
    if (items && Array.isArray(target)) target.splice(Number(path.at(-1)), items.length, ...structuredClone(items));
    else mix(target, structuredClone(more));
  }
  return data;
}

function mix(target: unknown, more: unknown): void {
  if (!isKeyed(target) || !isKeyed(more)) return;
  for (const [key, value] of Object.entries(more)) {
    if (isKeyed(target[key]) && isKeyed(value)) mix(target[key], value);
    else target[key] = value;
  }
}
