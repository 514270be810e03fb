/** What every section of the report is told, and what it gives back. */
import type { ReferenceProgram } from '../reference.ts';
import type { SectionName, Sections } from './report-schema.ts';

export interface BenchContext {
  readonly threads: number;
  /** Short settings: to see that everything runs, not to be quoted. */
  readonly quick: boolean;
  /** Repetitions of what is measured by turns with the reference. */
  readonly pairs: number;
  readonly reference: ReferenceProgram | null;
  /** Says what is being measured. */
  readonly tell: (line: string) => void;
}

/** A section without its date and command, which are the same for all; a function that measures one returns why not, where it cannot. */
export type Measured<K extends SectionName> = Omit<NonNullable<Sections[K]>, 'date' | 'command' | 'quick'>;
