import type { Row } from '../freshsales/answer.ts';
import { isObject } from '../freshsales/json.ts';
import { isTrue } from '../freshsales/values.ts';
import type { Context } from '../records/context.ts';
import { requireProduct } from '../records/errors.ts';
import { fetchedBy } from '../records/field-needs.ts';
import { RecordTypeEnum, recordTypeNamed } from '../resources/target.ts';
import { builder } from '../schema/builder.ts';
import { ungroupedFields } from '../schema/fields.ts';

interface Choice {
  readonly id: string;
  readonly value: string | null;
  readonly position: number | null;
}

const FieldChoice = builder.objectRef<Choice>('FieldChoice').implement({
  description: 'One of the values a field can have.',
  fields: (t) => ({
    databaseId: t.exposeString('id', {
      nullable: false,
      description: 'Freshsales id of the choice. Some fields store this id.',
    }),
    value: t.exposeString('value', { semanticNonNull: true, description: 'Label of the choice.' }),
    position: t.exposeInt('position', { description: 'Position in the list, starting at 1.' }),
  }),
});

const FieldDefinition = builder.objectRef<Row>('FieldDefinition').implement({
  description: 'A field as configured in the account.',
  fields: (t) => ({
    name: t.string({
      semanticNonNull: true,
      description: 'Name in Freshsales. Custom fields start with cf_.',
      resolve: ({ name }) => textOf(name),
    }),
    label: t.string({
      semanticNonNull: true,
      description: 'Label shown in forms.',
      resolve: ({ label, name }) => textOf(label) ?? textOf(name),
    }),
    type: t.string({
      semanticNonNull: true,
      description:
        'Field type: text, number, date, dropdown, multi_select_dropdown, radio, checkbox, textarea, auto_complete, lookup and others.',
      resolve: ({ type }) => textOf(type),
    }),
    isRequired: t.boolean({
      semanticNonNull: true,
      description: 'True if the field must have a value.',
      resolve: ({ required }) => isTrue(required),
    }),
    isDefault: t.boolean({
      semanticNonNull: true,
      description: 'True for default fields, which every account has.',
      resolve: (field) => isTrue(field.default),
    }),
    isVisible: t.boolean({ description: 'True if forms show the field.', resolve: ({ visible }) => isTrue(visible) }),
    position: t.int({ description: 'Position in the form.', resolve: ({ position }) => numberOf(position) }),
    choices: t.field({
      type: [FieldChoice],
      nullable: { list: false, items: false },
      description: 'Values the field can have, if Freshsales lists them.',
      resolve: ({ choices }) => choicesOf(choices),
    }),
  }),
});

const numberOf = (cell: unknown): number | null => (typeof cell === 'number' ? cell : null);

const textOf = (cell: unknown): string | null =>
  typeof cell === 'string' || typeof cell === 'number' ? String(cell) : null;

/** Freshsales sends choice ids as strings or as numbers (QUIRKS 18). */
const choicesOf = (cell: unknown): Choice[] =>
  (Array.isArray(cell) ? cell : []).filter(isObject).flatMap((choice) => {
    const value = textOf(choice.value) ?? textOf(choice.name);
    const id = textOf(choice.id) ?? value;
    return id === null ? [] : [{ id, value, position: numberOf(choice.position) }];
  });

const pathOf = (type: string): string => `settings/${recordTypeNamed(type)?.path}/fields`;

const fieldList = {
  cost: ({ type }: { type: string }) => [{ calls: 1, list: pathOf(type) }],
  run: async (_root: object, { type }: { type: string }, context: Context) => {
    const { name = '' } = recordTypeNamed(type) ?? {};
    requireProduct(context, { table: name, what: name });
    return ungroupedFields(await context.freshsales.list(pathOf(type), 'fields'));
  },
};

builder.queryField('fields', (t) =>
  t.field({
    type: [FieldDefinition],
    semanticNonNull: true,
    description:
      'The fields of a record type as configured in the account, including choices. Costs one call; cached for an hour.',
    args: { type: t.arg({ type: RecordTypeEnum, required: true, description: 'Record type.' }) },
    ...fetchedBy(fieldList),
  }),
);
