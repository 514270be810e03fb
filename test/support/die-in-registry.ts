/** Changes a version and dies on the way: `node die-in-registry.ts HOME CHANGE CALL`. */
import { dieAt } from './die-at.ts';
import { testCaller, testRegistry } from './registry.ts';

const [home = '', change = '', call = ''] = process.argv.slice(2);
const { registry } = testRegistry(home);
const key = { name: 'support', version: '1.0.0' };
const changes: Readonly<Record<string, () => unknown>> = {
  update: () => registry.update({ ...key, description: 'another', metadata: { a: 1 } }, testCaller),
  setState: () => registry.setState({ ...key, state: 'candidate', reason: null, against_gate: false }, testCaller),
  tag: () => registry.tag({ ...key, tag: 'production', reason: null }, testCaller),
  firstTag: () => registry.tag({ name: 'untagged', version: '1.0.0', tag: 'first', reason: null }, testCaller),
  remove: () => registry.remove(key, testCaller),
};
dieAt(Number(call));
await changes[change]?.();
