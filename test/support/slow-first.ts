/**
 * The order of test files: what takes longest comes first, what computes and what waits in turn, so that they share the cores and nobody works at the end
 * alone. Without it the runner begins with the largest files, and those of the real models are among the smallest.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const computing = [
  'integration/gemma3-train',
  'parity/smollm2-model',
  'parity/gemma3-model',
  'e2e/electron/life',
  'integration/smollm2-train',
  'e2e/browser/views',
  'e2e/electron/whole-way',
  'e2e/browser/registry',
  'e2e/browser/benchmarks',
  'e2e/browser/first-hour',
  'e2e/browser/keyboard',
  'integration/crash-resume',
];
const waiting = [
  'integration/localai-faults',
  'e2e/electron/desktop',
  'integration/localai',
  'integration/host-ownership',
  'integration/run-watch',
  'integration/localai-settings',
  'integration/benchmark-runs',
  'e2e/electron/package',
  'integration/benchmark-kill',
  'integration/reloaded-page',
  'e2e/browser/playground',
  'e2e/browser/schedules',
];
const order = computing.flatMap((file, i) => [file, ...(waiting[i] === undefined ? [] : [waiting[i]])]).map((file) => `/test/${file}.test.ts`);

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = order.findIndex((file) => moduleId.endsWith(file));
      return place === -1 ? order.length : place;
    };
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
