import { toGrants } from '../src/access/grant.ts';
import { grantedSchema } from '../src/access/granted-schema.ts';
import { createPermissions } from '../src/access/permissions.ts';
import { policyOf } from '../src/access/policy.ts';
import { registry } from '../src/resources/index.ts';
import { typedSchema } from '../src/schema/custom-fields/typed-schema.ts';
import { schemaFor } from '../src/server/schema.ts';
import { median, type Section } from './section.ts';

const FIELDS = 300;
const RUNS = 15;
const KINDS = ['text', 'number', 'dropdown', 'date', 'multi_select_dropdown', 'lookup'] as const;
const PATHS = ['contacts', 'sales_accounts', 'deals', 'sales_activities'] as const;

/** Field lists with fields of every kind, every third with ten choices. */
const listsOf = (count: number) =>
  Object.fromEntries(
    PATHS.map((path, at) => [
      path,
      Array.from({ length: count / PATHS.length }, (_, index) => ({
        id: String(at * count + index),
        name: `cf_field_${index}`,
        label: `Field ${index}`,
        type: KINDS[index % KINDS.length],
        choices: Array.from({ length: 10 }, (_choice, id) => ({ id, value: `Choice ${'abcdefghij'[id]}` })),
        auto_suggest_url: '/search/auto_suggest/contacts_full_details.json?&q=',
      })),
    ]),
  );

/** The median time of some runs, in milliseconds. */
function timeOf(work: () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return median(times);
}

/** The time to build schemas with custom fields. */
export async function typedFieldsSection(): Promise<Section> {
  const base = schemaFor('suite');
  const lists = listsOf(FIELDS);
  const build = () => typedSchema(base, lists, { registry, product: 'suite' });
  const grants = () => toGrants({ contacts: { access: 'read', hideCustomFields: [], withhold: [] } });
  const full = build();
  const built = timeOf(build);
  const granted = timeOf(() => grantedSchema(createPermissions(full, grants())));
  policyOf(grants(), full);
  const cached = timeOf(() => policyOf(grants(), full));
  return {
    title: 'Typed custom fields',
    about: `Time to build a schema with ${FIELDS} custom fields in four record types: the median of ${RUNS} builds.`,
    columns: ['schema', 'p50 ms'],
    rows: [
      ['of the account', built.toFixed(1)],
      ['of a caller, from that', granted.toFixed(1)],
      ['of another caller with equal grants', cached.toFixed(3)],
    ],
    aims: [{ what: `schema with ${FIELDS} custom fields`, aim: 'under 300 ms', measured: `${built.toFixed(0)} ms` }],
  };
}
