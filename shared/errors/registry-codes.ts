/** Failures of the registry of model versions. */
import type { ErrorRow } from './error-row.ts';

export const registryCodes = {
  VERSION_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: 'There is no version {version} of {name}', remedy: '`lathe registry list` shows what there is.' },
  VERSION_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: '{name}@{version} is there already', remedy: 'Leave the number out to get the next one, or give a higher one.' },
  VERSION_STATE: { exit: 'usage', http: 409, retry: 'change', message: '{name}@{version} is {state}, so it cannot {change}', remedy: 'Versions go from draft to candidate (`propose`), approved (`approve`) and retired (`retire`).' },
  VERSION_IMMUTABLE: { exit: 'usage', http: 409, retry: 'change', message: '{name}@{version} is {state}: its {what} can no longer change', remedy: 'Register a new version; tags still move.' },
  VERSION_INVALID: { exit: 'data', http: 422, retry: 'change', message: '{path} does not describe a version: {problem}', remedy: 'Bring the file back from a backup.' },
  VERSION_EMPTY: { exit: 'gate', http: 409, retry: 'change', message: '{name}@{version} holds no adapter', remedy: 'Register the run that made it, or import its adapter.' },
  ARTIFACT_CHANGED: { exit: 'data', http: 409, retry: 'change', message: '{path} of {name}@{version} is not what was registered: {problem}', remedy: 'Bring the file back from a backup, or register the adapter anew.' },
  GATE_REFUSED: { exit: 'gate', http: 409, retry: 'change', message: '{name}@{version} does not pass its gate ({verdict}): {problem}', remedy: 'Make the scores that are missing or more items of them, or approve it with --against-gate and a reason.' },
  GATE_NOT_PASSED: { exit: 'gate', http: 422, retry: 'change', message: 'The gate of {name}@{version} says {verdict}', remedy: 'The lines above say why, and what to run.' },
  REGISTRY_SOURCE: { exit: 'usage', http: 409, retry: 'change', message: '{what} cannot be registered: {problem}', remedy: 'Name a run that is done, or import the adapter.' },
  EXPORT_TAKEN: { exit: 'usage', http: 409, retry: 'change', message: '{path} holds files already', remedy: 'Choose another --to, or add --force to write among them.' },
  TAG_UNKNOWN: { exit: 'usage', http: 404, retry: 'change', message: '{name} has no tag {tag}', remedy: '`lathe registry show {name}` lists its tags.' },
} as const satisfies Record<string, ErrorRow>;
