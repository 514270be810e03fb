/** Every word the page shows, one file a view. Sentences with figures are functions. */
import { common } from './common.ts';
import { home } from './home.ts';
import { benchmarks, deploy } from './later.ts';
import { registry } from './registry.ts';
import { runs } from './runs.ts';

export const texts = {
  ...common,
  home,
  registry,
  runs,
  benchmarks,
  deploy,
} as const;
