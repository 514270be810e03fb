/** Every word the page shows, one file a view. Sentences with figures are functions. */
import { common } from './common.ts';
import { files } from './files.ts';
import { home } from './home.ts';
import { knobs } from './knobs.ts';
import { benchmarks } from './benchmarks.ts';
import { gates } from './gates.ts';
import { schedules } from './schedules.ts';
import { deploy } from './deploy.ts';
import { hana } from './hana.ts';
import { help } from './help.ts';
import { newRun } from './new-run.ts';
import { playground } from './playground.ts';
import { registry } from './registry.ts';
import { runs } from './runs.ts';
import { shelf } from './shelf.ts';
import { settings } from './settings.ts';

export const texts = {
  ...common,
  files,
  home,
  knobs,
  newRun,
  playground,
  registry,
  runs,
  shelf,
  benchmarks,
  schedules,
  gates,
  deploy,
  hana,
  settings,
  help,
} as const;
