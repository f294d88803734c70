import { version } from '../config/runtime.ts';
import { createMetrics as createInternal, type Metrics as InternalMetrics } from '../observability/metrics.ts';
import type { Metrics } from './types.ts';

/** The registry behind each. Its types depend on packages that are not installed with this one. */
const internals = new WeakMap<Metrics, InternalMetrics>();

/** Creates the metrics of docs/operations.md. Give them to accounts and servers, which count there. */
export function createMetrics(): Metrics {
  const counted = createInternal({ version });
  const metrics: Metrics = { contentType: counted.contentType, text: () => counted.text() };
  internals.set(metrics, counted);
  return metrics;
}

/** The registry behind metrics. */
export function countedBy(metrics: Metrics | undefined): InternalMetrics | undefined {
  if (metrics === undefined) return undefined;
  const counted = internals.get(metrics);
  if (!counted) throw new TypeError('metrics is not the metrics of this package. Provide those of createMetrics.');
  return counted;
}
