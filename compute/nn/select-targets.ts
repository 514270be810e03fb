/** Which modules a list of target names means. A fused or renamed module answers to the names that recipes for other models give to its work. */
import { AppError } from '../../shared/errors/app-error.ts';
import type { Linear } from './linear.ts';

/** Last parts of module names, full names, or 'all-linear'. */
export type TargetModules = readonly string[] | 'all-linear';

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const isCalled = (name: string, target: string): boolean => name === target || name.endsWith(`.${target}`);

/** The names that a module has where others have it as modules of their own. */
const otherNames = ({ name, standsFor }: Linear): string[] => standsFor.map((each) => name.slice(0, name.lastIndexOf('.') + 1) + each);
const standsIn = (module: Linear, target: string): boolean => otherNames(module).some((name) => isCalled(name, target));

/** What a target means: modules of that name, or where there are none those that do its work. */
function modulesOf(modules: readonly Linear[], target: string): readonly Linear[] {
  const named = modules.filter(({ name }) => isCalled(name, target));
  return named.length > 0 ? named : modules.filter((module) => standsIn(module, target));
}

/** The modules that `targets` names, in the model's order. Throws TARGET_UNKNOWN for a name that matches none. */
export function selectTargets(modules: readonly Linear[], targets: TargetModules): readonly Linear[] {
  if (targets === 'all-linear') return modules;
  const selected = new Set<Linear>();
  for (const target of targets) {
    const found = modulesOf(modules, target);
    if (found.length === 0) throw new AppError('TARGET_UNKNOWN', { target, known: [...new Set(modules.map(({ name }) => lastPart(name)))].join(', ') });
    found.forEach((module) => selected.add(module));
  }
  return modules.filter((module) => selected.has(module));
}

/** One sentence for each module that took the place of target names. */
export function targetNotes(modules: readonly Linear[], targets: TargetModules): string[] {
  if (targets === 'all-linear') return [];
  const replaced = new Map<string, string[]>();
  for (const target of targets) {
    const names = new Set(modulesOf(modules, target).flatMap(({ name }) => (isCalled(name, target) ? [] : [lastPart(name)])));
    for (const name of names) replaced.set(name, [...(replaced.get(name) ?? []), target]);
  }
  return [...replaced].map(([name, asked]) => `Of the target modules, ${asked.join(', ')} became ${name}, which does that work in this model.`);
}
