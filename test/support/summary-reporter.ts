/** Ends a test run with what was skipped and why, and with one line of counts that a machine can look for. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const reasonOf = (test: TestCase): string => {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
};

export class SummaryReporter implements Reporter {
  /** By its id; of a file that was tried again the last try counts. */
  readonly #modules = new Map<string, TestModule>();
  #errors = 0;

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    if (this.#modules.size === 0) process.once('exit', () => process.stdout.write(`\n${this.#lines().join('\n')}\n`));
    for (const module of modules) this.#modules.set(module.id, module);
    this.#errors += unhandledErrors.length;
  }

  #lines(): string[] {
    const modules = [...this.#modules.values()];
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
    // A file that does not load, and an error outside any test, fail the run without failing a test.
    const broken = modules.filter((module) => module.errors().length > 0).length + this.#errors;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const lines = skipped.map((test) => `SKIPPED ${test.module.relativeModuleId} > ${test.fullName}: ${reasonOf(test)}`);
    return [...lines, `${count('passed')} passed, ${count('failed') + broken} failed, ${skipped.length} skipped`];
  }
}
