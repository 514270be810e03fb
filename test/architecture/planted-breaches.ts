/** For each rule of layers.cjs a file that breaks it, and a tree that breaks none: tests of the checker, never part of the product. */

export interface PlantedBreach {
  readonly rule: string;
  readonly from: string;
  /** What `from` imports. */
  readonly to: string;
  readonly source?: string;
  /** Files that must exist for the import to resolve. */
  readonly alsoPlant: readonly string[];
}

/** A breach by importing a file of the tree. */
function ofFile(rule: string, from: string, target: string): PlantedBreach {
  return { rule, from, to: `${'../'.repeat(from.split('/').length - 1)}${target}`, alsoPlant: [target] };
}

/** A breach by importing a package or a module of Node. */
const ofPackage = (rule: string, from: string, to: string): PlantedBreach => ({ rule, from, to, alsoPlant: [] });

/** The breach of a `<top>-<folder>-looks-inward` rule: the folder reaches for one that no row of the table names. */
export function reachingOutward(rule: string): PlantedBreach | undefined {
  const [, top, folder] = /^(compute|main)-(.+)-looks-inward$/.exec(rule) ?? [];
  return top === undefined || folder === undefined ? undefined : ofFile(rule, `${top}/${folder}/thing.ts`, `${top}/elsewhere/thing.ts`);
}

export const plantedBreaches: readonly PlantedBreach[] = [
  ofFile('shared-is-the-floor', 'shared/domain/run.ts', 'main/store/db.ts'),
  ofPackage('shared-is-pure', 'shared/domain/run.ts', 'node:fs'),
  ofPackage('shared-knows-only-zod', 'shared/domain/run.ts', 'better-sqlite3'),
  ofFile('renderer-sees-only-shared', 'renderer/app/shell.ts', 'main/services/runs.ts'),
  ofPackage('renderer-has-no-node', 'renderer/app/shell.ts', 'electron'),
  ofFile('main-never-loads-compute', 'main/workers/supervisor.ts', 'compute/worker/index.ts'),
  ofFile('main-not-renderer', 'main/app/shell.ts', 'renderer/app/shell.ts'),
  ofFile('compute-stands-alone', 'compute/worker/index.ts', 'main/platform/logger.ts'),
  ofPackage('electron-only-at-the-rim', 'main/services/runs.ts', 'electron'),
  ofPackage('sqlite-only-in-store', 'main/services/runs.ts', 'better-sqlite3'),
  ofPackage('main-spawns-in-one-place', 'main/services/runs.ts', 'node:child_process'),
  ofFile('nothing-imports-tests', 'compute/data/loader.ts', 'test/support/rows.ts'),
  ofFile('resources-are-data', 'main/cli/main.ts', 'resources/config/demo.ts'),
  ofPackage('product-without-dev-packages', 'compute/data/loader.ts', 'vitest'),
  ofPackage('imports-exist', 'compute/data/loader.ts', './nowhere.ts'),
  {
    rule: 'no-circular',
    from: 'shared/lib/a.ts',
    to: './b.ts',
    alsoPlant: [],
    source: "export type A = import('./a.ts').A;\nexport { thing } from './a.ts';\n",
  },
];

/** Allowed imports of every kind that a rule could catch by mistake. */
export const plantedSound: Readonly<Record<string, string>> = {
  'shared/domain/run.ts': "import { z } from 'zod';\nexport const thing = z;\n",
  'shared/domain/run.test.ts':
    "import { it } from 'vitest';\nimport { readFileSync } from 'node:fs';\nimport { rows } from '../../test/support/rows.ts';\nit('', () => [readFileSync, rows]);\n",
  'renderer/app/shell.ts': "import { thing } from '../../shared/domain/run.ts';\nexport const page = thing;\n",
  'compute/tensor/tensor.ts': "import { readFileSync } from 'node:fs';\nexport const thing = readFileSync;\n",
  'compute/worker/index.ts': "import { thing } from '../tensor/tensor.ts';\nexport const worker = thing;\n",
  'main/platform/logger.ts': "import { tmpdir } from 'node:os';\nexport const logger = tmpdir;\n",
  'main/workers/supervisor.ts':
    "import { fork } from 'node:child_process';\nimport { logger } from '../platform/logger.ts';\nexport const supervisor = [fork, logger];\n",
  'main/store/db.ts': "import sqlite from 'better-sqlite3';\nexport const db = sqlite;\n",
  'main/app/shell.ts': "import { app } from 'electron';\nimport { supervisor } from '../workers/supervisor.ts';\nexport const shell = [app, supervisor];\n",
  'main/cli/node24.js': "import { spawn } from 'node:child_process';\nexport const run = spawn;\n",
  'test/support/rows.ts': "import { worker } from '../../compute/worker/index.ts';\nexport const rows = worker;\n",
};
