/** Proposes what a version is called: after its run, else after its rows. */
import { ModelName } from '../../../shared/domain/version.ts';

const longest = 64;

export function versionNameFor(run: string, rows: string): string {
  const named = [run, rows.replace(/\.[^.]*$/, '')].map(asName).find((name) => ModelName.safeParse(name).success);
  return named ?? 'adapter';
}

const asName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, longest)
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
