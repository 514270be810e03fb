/** What a run is called where it is shown: its name, else its id. */
import type { Run } from '../../../shared/contracts/run-calls.ts';

export const runTitle = ({ name, run }: Pick<Run, 'name' | 'run'>): string => name ?? run;

/** The last part of a path, which is what people know a file by. */
export const fileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
