/** Reads a configuration file; whatever is wrong in it is named with its line. */
import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { ConfigFile } from '../../../shared/domain/config-file.ts';
import { offsetAt, valueAt } from '../../../shared/text/written-places.ts';
import { fileFailure } from '../../platform/file-failure.ts';
import { suggest } from './closest.ts';
import { describeIssue } from './describe-issue.ts';
import { keysAt } from './schema-keys.ts';

export interface ConfigSource {
  readonly config: ConfigFile;
  /** Names the place of a key: `file.yaml line 7`. */
  readonly where: (path: readonly PropertyKey[]) => string;
}

/** Throws CONFIG_INVALID for the first line that is wrong. */
export function readConfigFile(path: string): ConfigSource {
  const text = readText(path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${path} line ${lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new AppError('CONFIG_INVALID', { where: at(broken.pos[0]), problem: broken.message.split('\n')[0] ?? 'not YAML', hint: 'Mend the YAML there.' });
  const offsetOf = (keys: readonly PropertyKey[]): number => offsetAt(document.contents, keys);
  const value = toValue(document, at);
  const parsed = ConfigFile.safeParse(value);
  if (!parsed.success) throw firstProblem(parsed.error.issues, value, { at, offsetOf });
  return { config: parsed.data, where: (keys) => at(offsetOf(keys)) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fileFailure(error, { what: 'Configuration file', path, action: 'read' });
  }
}

/** An empty file is an empty configuration. */
function toValue(document: Document, at: (offset: number) => string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // Aliases that do not exist, or multiply beyond reason.
    throw new AppError(
      'CONFIG_INVALID',
      { where: at(0), problem: error instanceof Error ? error.message : String(error), hint: 'Write the values out.' },
      { cause: error },
    );
  }
}

interface Places {
  readonly at: (offset: number) => string;
  readonly offsetOf: (keys: readonly PropertyKey[]) => number;
}

function firstProblem(issues: readonly z.core.$ZodIssue[], value: unknown, { at, offsetOf }: Places): AppError {
  const found: { path: readonly PropertyKey[]; issue: z.core.$ZodIssue }[] = issues.flatMap((issue) =>
    (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]).map((path) => ({ path, issue })),
  );
  const [first] = found.map(({ path, issue }) => ({ path, issue, offset: offsetOf(path) })).sort((a, b) => a.offset - b.offset);
  if (first === undefined)
    return new AppError('CONFIG_INVALID', { where: at(0), problem: 'is not understood', hint: 'Compare it with the examples in resources/config.' });
  const name = first.path.join('.');
  const where = at(first.offset);
  if (first.issue.code === 'unrecognized_keys') {
    const siblings = keysAt(ConfigFile, first.issue.path);
    return new AppError('CONFIG_INVALID', { where, problem: `unknown key ${name}`, hint: suggest(String(first.path.at(-1)), siblings, 'Known keys') });
  }
  const { problem, hint } = describeIssue(first.issue, valueAt(value, first.path));
  return new AppError('CONFIG_INVALID', { where, problem: name === '' ? `the file ${problem}` : `${name} ${problem}`, hint });
}
