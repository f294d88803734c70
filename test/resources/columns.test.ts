import { isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { columnOf, type Table } from '../../src/freshsales/resource.ts';
import { lookups } from '../../src/lookups/index.ts';
import { sourceOf } from '../../src/records/field-needs.ts';
import { includesOf } from '../../src/records/record-store.ts';
import { recordTypes } from '../../src/resources/index.ts';
import { schema } from '../../src/server/schema.ts';

/** Columns that no field shows, each with its reason. */
const leftOut: Record<string, readonly string[]> = {
  Contact: ['sales_account_id'], // primarySalesAccount, told by the embedded accounts
  Task: ['targetable'], // target, from targetables
  Appointment: ['targetable', 'note_id', 'updater_id'], // notes have no address, and the updater no attested include
  Note: ['targetable', 'collab_context'], // target; and the state of a chat integration
  SalesActivity: ['targetable_id', 'targetable_type'], // target
  DealPipeline: ['deal_stages'], // stages, from the list of all
  LifecycleStage: ['contact_status_ids'], // statuses, from the list of all
};

function shownBy(table: Table): Set<string> {
  const type = schema.getType(table.name);
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  return new Set(
    fields.flatMap(({ extensions }) => {
      const { columns = [], include = [] } = sourceOf(extensions);
      const exposed = extensions.pothosExposedField;
      const included = [include].flat().flatMap((name) => {
        const facts = includesOf(table)[name];
        return facts ? [columnOf(facts)] : [];
      });
      return [...columns, ...included, ...(typeof exposed === 'string' ? [exposed] : [])];
    }),
  );
}

test.each([...recordTypes, ...lookups].map((table) => [table.name, table] as const))(
  '%s shows every column',
  (name, table) => {
    const shown = shownBy(table);
    const hidden = Object.keys(table.blank).filter((column) => column !== 'id' && !shown.has(column));
    const hint = `Add a field for each of them to type.ts of ${name}, or say in leftOut of this test why there is none.`;
    expect(hidden.toSorted(), hint).toEqual([...(leftOut[name] ?? [])].toSorted());
  },
);
