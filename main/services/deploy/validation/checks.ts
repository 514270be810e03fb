/** A check of a validation: what was asked, what it says. */
import type { Evidence } from '../steps/step-act.ts';

export interface Check {
  readonly name: 'adapter' | 'template' | 'golden' | 'latency' | 'errors';
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** A sentence without its stop. */
  readonly words: string;
  readonly evidence: Evidence;
}
