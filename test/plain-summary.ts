import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/** Closes a run with one plain line, for readers that do not know vitest's own summary. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const unread = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests()].length === 0,
    ).length;
    process.stdout.write(
      `${count('passed')} passed, ${count('failed') + unread + errors.length} failed, ${count('skipped')} skipped\n`,
    );
  }
}
