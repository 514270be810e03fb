/** Where the parts of this installation lie that are started or read by path. */
import { fileURLToPath } from 'node:url';

/** Bundled for the window, our modules are JavaScript in `dist/NAME/`: as deep as their sources, so that the root is where it was. */
const isBundled = !import.meta.url.endsWith('.ts');

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const projectFiles = {
  computeEntry: inProject(isBundled ? 'dist/compute/worker.js' : 'compute/worker/index.ts'),
  probeEntry: inProject(isBundled ? 'dist/compute/probe.js' : 'compute/worker/probe.ts'),
  chatEntry: inProject(isBundled ? 'dist/compute/chat.js' : 'compute/chat/index.ts'),
  hanaEntry: inProject(isBundled ? 'dist/hana/hana-process.js' : 'main/hana/index.ts'),
  migrations: inProject('main/store/migrations'),
  commandLine: inProject('main/cli/bin.js'),
  /** The built page; `npm run build:page`. */
  page: inProject('dist/page'),
  packageJson: inProject('package.json'),
  embeddedModel: inProject('resources/models/lathe-base.gguf'),
  benchmarks: inProject('resources/benchmarks'),
  demoConfig: inProject('resources/config/demo.yaml'),
  demoTrain: inProject('resources/datasets/support-routing/train.jsonl'),
  docs: inProject('resources/docs'),
  dependencies: inProject('resources/docs/dependencies.md'),
  demoTest: inProject('resources/datasets/support-routing/test.jsonl'),
} as const;

/** The native engine's binary: `LATHE_ADDON`, else where `npm run build:native` puts it. */
export const addonFile = (environment: NodeJS.ProcessEnv = process.env): string => environment['LATHE_ADDON'] ?? inProject('compute/native/build/lathe.node');
