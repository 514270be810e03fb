/** Version numbers as SQLite can sort them: a text whose bytes stand in the order of semver. */
import { parse } from 'semver';

/** Numbers of up to 15 digits, all as wide. */
const wide = (number: number): string => String(number).padStart(15, '0');

/**
 * `!` sorts before every identifier, so that a shorter list of them comes first; numbers (0) come before words (1); what is no pre-release
 * ends in `~`, after all that are. `version` is a SemanticVersion.
 */
export function precedenceOf(version: string): string {
  const parsed = parse(version);
  if (parsed === null) throw new Error(`${version} is no semantic version`);
  const { major, minor, patch, prerelease } = parsed;
  const core = [major, minor, patch].map(wide).join('.');
  if (prerelease.length === 0) return `${core}~`;
  return `${core}-${prerelease.map((part) => (typeof part === 'number' ? `0${wide(part)}` : `1${part}`)).join('!')}`;
}
