import {
  type GraphQLInputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  visit,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** Values for the variables that an operation requires and nobody has given: as good as any for what it costs. */
export function assumedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  given: Variables,
): Record<string, unknown> {
  const nodes = variablesOfNodes(operation);
  const missing = (operation.variableDefinitions ?? []).flatMap(({ variable, type: node, defaultValue }) => {
    const { value: name } = variable.name;
    const type = node.kind === Kind.NON_NULL_TYPE ? (typeFromAST(schema, node) as GraphQLInputType) : undefined;
    return type && !defaultValue && !(name in given) ? [[name, sample(type, nodes.has(name))] as const] : [];
  });
  return Object.fromEntries(missing);
}

/** Those that `node` and `nodes` take, which must be global ids. */
function variablesOfNodes(operation: OperationDefinitionNode): Set<string> {
  const names = new Set<string>();
  visit(operation, {
    Field({ name, arguments: args = [] }) {
      if (name.value !== 'node' && name.value !== 'nodes') return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return names;
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  ID: '1',
  Int: 25,
  Float: 1,
  Boolean: true,
  DateTime: '2030-01-01T00:00:00Z',
  Date: '2030-01-01',
  Decimal: '1.0',
  JSON: '1',
};

function sample(type: GraphQLInputType, node: boolean): unknown {
  if (isNonNullType(type)) return sample(type.ofType, node);
  if (isListType(type)) return [sample(type.ofType, node)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const [only] = fields;
    const wanted = type.isOneOf && only ? [only] : fields.filter(isRequiredInputField);
    return Object.fromEntries(wanted.map((field) => [field.name, sample(field.type, false)]));
  }
  return node && type.name === 'ID' ? 'gid://freshsales/Contact/1' : (SAMPLES[type.name] ?? 'text');
}
