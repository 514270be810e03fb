/** The folders of LATHE_HOME. They are made when something is first put there. */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

export interface Paths {
  readonly home: string;
  readonly models: string;
  readonly datasets: string;
  readonly runs: string;
  /** Items of benchmarks, and the records of those that the command line scored. */
  readonly benchmarks: string;
  readonly registry: string;
  readonly logs: string;
  readonly cache: string;
}

/** `LATHE_HOME`, else the platform's application-data folder. */
export function findPaths(environment: NodeJS.ProcessEnv = process.env): Paths {
  const set = environment['LATHE_HOME'];
  const home = set === undefined || set === '' ? envPaths('lathe', { suffix: '' }).data : resolve(set);
  const inside = (name: string): string => join(home, name);
  return {
    home,
    models: inside('models'),
    datasets: inside('datasets'),
    runs: inside('runs'),
    benchmarks: inside('benchmarks'),
    registry: inside('registry'),
    logs: inside('logs'),
    cache: inside('cache'),
  };
}
