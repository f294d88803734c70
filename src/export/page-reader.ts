import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFieldConfigArgumentMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSchema,
  getVariableValues,
  isInputObjectType,
  isObjectType,
  Kind,
  OperationTypeNode,
  validate,
} from 'graphql';
import type { Row } from '../freshsales/answer.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import type { FilterRule } from '../freshsales/reads.ts';
import type { Meter } from '../freshsales/transport.ts';
import { type Account, type Context, createContext } from '../records/context.ts';
import { causeOf } from '../records/errors.ts';
import { needsOf, selectionOf } from '../records/field-needs.ts';
import { loaderFor } from '../records/loader.ts';
import { includesOfPage, type PagedList, pageLoader } from '../records/pages.ts';
import { includesToAsk } from '../records/record-type.ts';
import type { ListPage } from '../records/window.ts';
import { registry } from '../resources/index.ts';
import { executeOperation } from '../server/execute.ts';
import { schemaFor } from '../server/schema.ts';
import { ExportError } from './export-error.ts';
import type { ExportedType } from './exported-types.ts';
import type { RowSelection } from './selection.ts';

/** A record as selected. */
export type ExportedRow = Readonly<Record<string, unknown>>;

/** A page of a list. */
export interface ExportedPage {
  /** Null where a record was deleted meanwhile. */
  readonly rows: readonly (ExportedRow | null)[];
  /** The rows as Freshsales sent them, for their ids and times. */
  readonly wire: readonly Row[];
  readonly total: number | undefined;
  /** Errors of single values, which are null. */
  readonly problems: readonly string[];
}

/** A read that failed, and whether another attempt may succeed. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  readonly code: string;
  readonly retryAfter: number | undefined;

  constructor(message: string, code: string, retryAfter?: number) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

interface PageReaderOptions {
  readonly account: Account;
  readonly type: ExportedType;
  readonly selection: RowSelection;
  /** The typed filter, as JSON. */
  readonly where?: unknown;
  /** Counts and limits the calls. */
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

/** More than a page of 100 records needs on an account that ignores includes. */
const MAX_CALLS = 2000;

/** Adding up the values of a page protects servers. */
const MAX_VALUES = Number.MAX_SAFE_INTEGER;

type ReadRows = (args: { where?: object }, context: Context, info: GraphQLResolveInfo) => Promise<readonly unknown[]>;

/** Executes the selection over rows that are read page by page, with their relations. */
export class PageReader {
  /** The rules of the filter. Undefined without one. */
  readonly rules: readonly FilterRule[] | undefined;
  readonly #options: PageReaderOptions;
  readonly #schema: GraphQLSchema;
  readonly #document: DocumentNode;

  constructor(options: PageReaderOptions) {
    const { account, type, selection, where } = options;
    this.#options = options;
    this.#schema = schemaOf(account, type);
    this.#document = documentOf(selection, where !== undefined && `${type.recordType.name}Filter`);
    const [problem] = validate(this.#schema, this.#document);
    if (problem) throw new ExportError(`The selection is not valid: ${problem.message}`);
    this.rules = where === undefined ? undefined : this.#rulesOf(where);
  }

  #rulesOf(where: unknown): readonly FilterRule[] {
    const [operation] = this.#document.definitions;
    const definitions = operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
    const { errors, coerced } = getVariableValues(this.#schema, definitions, { where });
    const [error] = errors ?? [];
    if (error) {
      // The path follows the value, which may be long and may look like one.
      const [, at] = /^.* at "where\.([^"]+)"; /s.exec(error.message) ?? [];
      const problem = error.message.replace(/^Variable "\$where" got .*?; /s, '');
      throw new ExportError(`--where is not valid${at ? ` at ${at}` : ''}: ${problem}`);
    }
    try {
      return this.#options.type.filter?.toRules((coerced?.where ?? {}) as ExportedRow, this.#schema) ?? [];
    } catch (thrown) {
      if (thrown instanceof GraphQLError) throw new ExportError(`--where is not valid: ${thrown.message}`);
      throw thrown;
    }
  }

  /** The context of one read. `fresh`: past the cache. */
  context({ fresh = false } = {}): Context {
    const { account, meter, signal } = this.#options;
    return createContext({
      account,
      registry,
      signal,
      priority: 'bulk',
      observer: meter,
      maxCalls: MAX_CALLS,
      maxValues: MAX_VALUES,
      fresh,
    });
  }

  /** Reads one page, whatever is cached. */
  async page(list: PagedList, { page, perPage }: ListPage): Promise<ExportedPage> {
    const { recordType } = this.#options.type;
    let wire: readonly Row[] = [];
    let total: number | undefined;
    const read: ReadRows = async (_args, context, info) => {
      const needs = needsOf(selectionOf(context, info), recordType.name, info);
      const include = includesOfPage(recordType, includesToAsk(needs));
      const answer = await pageLoader(context)({ list, page, perPage, include, fresh: true });
      wire = answer.rows;
      total = answer.total;
      return loaderFor(context, recordType).listed(
        wire.map(({ id }) => id),
        needs,
      );
    };
    const { rows, problems } = await this.#execute(read, this.context());
    return { rows, wire, total, problems };
  }

  /** Reads records by their ids. */
  async records(ids: readonly string[]): Promise<Pick<ExportedPage, 'rows' | 'problems'>> {
    const { recordType } = this.#options.type;
    const read: ReadRows = (_args, operation, info) => {
      const needs = needsOf(selectionOf(operation, info), recordType.name, info);
      return Promise.all(ids.map(async (id) => loaderFor(operation, recordType).load(id, needs)));
    };
    return this.#execute(read, this.context({ fresh: true }));
  }

  async #execute(rows: ReadRows, contextValue: Context): Promise<Pick<ExportedPage, 'rows' | 'problems'>> {
    const { data, errors = [] } = await executeOperation({
      schema: this.#schema,
      document: this.#document,
      contextValue,
      rootValue: { rows },
    });
    const failures = errors.map(failureOf);
    const read = data?.rows as (ExportedRow | null)[] | null | undefined;
    const fatal = failures.find(({ code }) => !read || code === 'RATE_LIMITED' || code === 'ABORTED');
    if (fatal) throw fatal;
    return { rows: read ?? [], problems: failures.map(({ message }) => message) };
  }
}

/** The consequence of an error of an operation for another attempt. */
export function failureOf({ originalError, message, extensions }: GraphQLError): ReadFailure {
  const cause = causeOf(originalError);
  if (cause instanceof FreshsalesError) return new ReadFailure(cause.message, cause.code, cause.retryAfter);
  if (cause instanceof Error && cause.name === 'AbortError') return new ReadFailure(message, 'ABORTED');
  const code = cause instanceof GraphQLError ? cause.extensions.code : extensions.code;
  return new ReadFailure(message, String(code ?? 'INTERNAL'));
}

/** The types of the account with one root field: some rows. */
function schemaOf({ freshsales }: Account, { recordType, filter }: ExportedType): GraphQLSchema {
  const schema = schemaFor(freshsales.product);
  const type = schema.getType(recordType.name);
  const input = filter && schema.getType(`${recordType.name}Filter`);
  if (!isObjectType(type)) throw new Error(`${recordType.name} is no object type`);
  const args: GraphQLFieldConfigArgumentMap = isInputObjectType(input) ? { where: { type: input } } : {};
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'ExportQuery',
      fields: { rows: { type: new GraphQLNonNull(new GraphQLList(type)), args } },
    }),
    types: Object.values(schema.getTypeMap()).filter((each) => !roots.some((root) => root === each)),
    directives: schema.getDirectives(),
  });
}

function documentOf({ selectionSet, fragments }: RowSelection, input: string | false): DocumentNode {
  const name = (value: string) => ({ kind: Kind.NAME, value }) as const;
  const variable = { kind: Kind.VARIABLE, name: name('where') } as const;
  return {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        kind: Kind.OPERATION_DEFINITION,
        operation: OperationTypeNode.QUERY,
        variableDefinitions: input
          ? [{ kind: Kind.VARIABLE_DEFINITION, variable, type: { kind: Kind.NAMED_TYPE, name: name(input) } }]
          : [],
        selectionSet: {
          kind: Kind.SELECTION_SET,
          selections: [
            {
              kind: Kind.FIELD,
              name: name('rows'),
              ...(input && { arguments: [{ kind: Kind.ARGUMENT, name: name('where'), value: variable }] }),
              selectionSet,
            },
          ],
        },
      },
      ...fragments,
    ],
  };
}

/** The record type in the schema of the account. */
export function objectTypeOf({ freshsales }: Account, { recordType }: ExportedType) {
  const schema = schemaFor(freshsales.product);
  const type = schema.getType(recordType.name);
  if (!isObjectType(type)) throw new Error(`${recordType.name} is no object type`);
  return { schema, type };
}
