/** Where the parts of this installation lie that are started or read by path. */
import { fileURLToPath } from 'node:url';

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const projectFiles = {
  computeEntry: inProject('compute/worker/index.ts'),
  chatEntry: inProject('compute/chat/index.ts'),
  probeEntry: inProject('compute/worker/probe.ts'),
  commandLine: inProject('main/cli/bin.js'),
  /** The built page; `npm run build:page`. */
  page: inProject('dist/page'),
  packageJson: inProject('package.json'),
  embeddedModel: inProject('resources/models/lathe-base.gguf'),
  demoConfig: inProject('resources/config/demo.yaml'),
  demoTrain: inProject('resources/datasets/support-routing/train.jsonl'),
  docs: inProject('resources/docs'),
  dependencies: inProject('resources/docs/dependencies.md'),
  demoTest: inProject('resources/datasets/support-routing/test.jsonl'),
} as const;

/** The native engine's binary: `LATHE_ADDON`, else where `npm run build:native` puts it. */
export const addonFile = (environment: NodeJS.ProcessEnv = process.env): string => environment['LATHE_ADDON'] ?? inProject('compute/native/build/lathe.node');
