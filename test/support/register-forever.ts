/** Registers one version after the other until it is killed: `node register-forever.ts HOME`. */
import { RegisterVersion } from '../../shared/contracts/registry-calls.ts';
import { madeRun, testCaller, testRegistry } from './registry.ts';

const { registry, store, paths } = testRegistry(process.argv[2] ?? '');
const { run } = madeRun({ store, paths });
process.stdout.write('ready\n');
for (;;) await registry.register(RegisterVersion.parse({ name: 'support', run, tags: ['newest'] }), testCaller);
