import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { burstSection } from './burst.ts';
import { callsSection } from './calls-section.ts';
import { hourSection } from './hour.ts';
import { memorySection } from './memory.ts';
import { otherAccountsSection } from './other-accounts.ts';
import { planSection } from './plan-section.ts';
import { toReport } from './report.ts';
import { type Section, toMarkdown } from './section.ts';
import { startupSection } from './startup.ts';
import { throughputSection } from './throughput.ts';
import { typedFieldsSection } from './typed-fields.ts';

const measures: Readonly<Record<string, () => Promise<Section | undefined>>> = {
  calls: callsSection,
  accounts: otherAccountsSection,
  burst: burstSection,
  throughput: throughputSection,
  hour: hourSection,
  memory: memorySection,
  startup: startupSection,
  plan: planSection,
  fields: typedFieldsSection,
};

const { write, install, only } = parseArgs({
  options: { write: { type: 'boolean' }, install: { type: 'boolean' }, only: { type: 'string', multiple: true } },
}).values;
const names = only ?? Object.keys(measures);
const unknown = names.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0)
  throw new Error(`There is no measure “${unknown[0]}”. There are ${Object.keys(measures).join(', ')}.`);
if (write && only) throw new Error('--write writes all measures; leave out --only.');
if (install) installPeers();

const circumstances = { date: new Date().toISOString().slice(0, 10), load: loadavg()[0] ?? 0 };
const sections: Section[] = [];
for (const name of names) {
  const section = await measures[name]?.();
  if (!section) continue;
  sections.push(section);
  process.stdout.write(`${toMarkdown(section)}\n\n`);
}
if (write) writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), toReport(sections, circumstances));

function installPeers(): void {
  const peers = fileURLToPath(new URL('peers/', import.meta.url));
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', peers], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('Mesh could not be installed. Leave out --install to measure without it.');
}
