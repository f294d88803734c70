import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** A value that fits a required argument, as a literal. */
function literal(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literal(type.ofType);
  if (isListType(type)) return `[${literal(type.ofType)}]`;
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const needed = type.isOneOf
      ? fields.slice(0, 1)
      : fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
    return `{${needed.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')}}`;
  }
  const values: Record<string, string> = {
    Int: '1',
    Boolean: 'true',
    Date: '"2026-01-02"',
    DateTime: '"2026-01-02T03:04:05Z"',
    JSON: '"1"',
    Decimal: '"1"',
  };
  return values[type.name] ?? '"1"';
}

const argumentsOf = (field: GraphQLField<unknown, unknown>): string => {
  const needed = field.args.filter((arg) => isNonNullType(arg.type) && arg.defaultValue === undefined);
  return needed.length === 0 ? '' : `(${needed.map((arg) => `${arg.name}: ${literal(arg.type)}`).join(', ')})`;
};

const below = (field: GraphQLField<unknown, unknown>): string =>
  isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';

const ask = (field: GraphQLField<unknown, unknown>): string => `${field.name}${argumentsOf(field)}${below(field)}`;

/** Every way in one operation to a type: each field of the schema that gives it, from wherever it hangs. */
export function pathsTo(schema: GraphQLSchema, types: ReadonlySet<string>): string[] {
  const [query, mutation] = [schema.getQueryType(), schema.getMutationType()];
  const objects = Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
  );
  return objects.flatMap((parent) =>
    Object.values(parent.getFields())
      .filter((field) => types.has(getNamedType(field.type).name) || types.has(parent.name))
      .flatMap((field) => {
        if (parent === query) return [`{ ${ask(field)} }`];
        if (parent === mutation) return [`mutation { ${ask(field)} }`];
        const implementsNode = parent.getInterfaces().some(({ name }) => name === 'Node');
        return implementsNode
          ? [`{ node(id: "gid://freshsales/${parent.name}/1") { ... on ${parent.name} { ${ask(field)} } } }`]
          : [];
      }),
  );
}

/** Everything that one type has, two levels deep, as a selection. */
export function everythingOf(schema: GraphQLSchema, type: GraphQLObjectType, depth = 2): string {
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const named = getNamedType(field.type);
    if (field.name === 'activities' || field.name === 'customField') return [];
    if (isLeafType(named)) return [ask(field)];
    if (depth === 0) return [];
    const args = argumentsOf(field);
    if (isAbstractType(named)) {
      const parts = schema.getPossibleTypes(named).map((each) => `... on ${each.name} { id }`);
      return [`${field.name}${args} { __typename ${parts.join(' ')} }`];
    }
    const inner = isObjectType(named) ? everythingOf(schema, named, depth - 1) : '';
    return inner ? [`${field.name}${args} { ${inner} }`] : [];
  });
  return fields.join(' ');
}
