/** Handlers of the calls about model versions. */
import type { RegistryCallName } from '../../shared/contracts/registry-calls.ts';
import type { PlannedVersions } from '../services/registry/planned-versions.ts';
import type { Registry } from '../services/registry/registry.ts';
import type { HandlersOf } from './handlers.ts';

export interface RegistryServices {
  readonly registry: Registry;
  readonly planned: PlannedVersions;
}

export const registryHandlers = ({ registry, planned }: RegistryServices): HandlersOf<RegistryCallName> => ({
  'registry.register': (input, caller) => registry.register(input, caller),
  'registry.import': (input, caller) => registry.import(input, caller),
  'registry.list': (input) => registry.list(input),
  'registry.get': (input) => registry.get(input),
  'registry.ofRun': async ({ run }) => ({ versions: await planned.ofRun(run) }),
  'registry.card': (input) => registry.card(input),
  'registry.next': (input) => registry.next(input),
  'registry.update': (input, caller) => registry.update(input, caller),
  'registry.setState': (input, caller) => registry.setState(input, caller),
  'registry.tag': (input, caller) => registry.tag(input, caller),
  'registry.untag': (input, caller) => registry.untag(input, caller),
  'registry.history': (input) => registry.history(input),
  'registry.compare': (input) => registry.compare(input),
  'registry.lineage': (input) => registry.lineage(input),
  'registry.verify': (input) => registry.verify(input),
  'registry.export': (input) => registry.export(input),
  'registry.fetch': (input) => registry.fetch(input),
  'registry.remove': (input, caller) => registry.remove(input, caller),
});
