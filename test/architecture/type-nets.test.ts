/** The compiler as the first net: a folder lacks the types, and the files, that it must not use. */
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { projectRoot } from './source-files.ts';

/** Messages of the compiler for `source` as if it lay at `path`, under that folder's own tsconfig.json. */
function messagesFor(path: string, source: string): string[] {
  const folder = join(projectRoot, path.split('/')[0] ?? '');
  const config = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
  const parsed = ts.parseJsonConfigFileContent(config.config, ts.sys, folder, { incremental: false, composite: false });
  const planted = join(projectRoot, path);
  const host = ts.createCompilerHost(parsed.options);
  const withPlanted: ts.CompilerHost = {
    ...host,
    fileExists: (name) => name === planted || host.fileExists(name),
    readFile: (name) => (name === planted ? source : host.readFile(name)),
    getSourceFile: (name, ...rest) =>
      name === planted
        ? ts.createSourceFile(name, source, { ...parsed.options, languageVersion: ts.ScriptTarget.ES2023, impliedNodeFormat: ts.ModuleKind.ESNext })
        : host.getSourceFile(name, ...rest),
  };
  const program = ts.createProgram({ rootNames: [planted], options: parsed.options, host: withPlanted });
  return program.getSemanticDiagnostics(program.getSourceFile(planted)).map((found) => ts.flattenDiagnosticMessageText(found.messageText, ' '));
}

describe('the types of a folder', () => {
  it.each([
    ['shared/planted.ts', 'export const where = process.cwd();', /Cannot find name 'process'/],
    ['shared/planted.ts', "export { readFileSync } from 'node:fs';", /node:fs/],
    ['shared/planted.ts', 'export const page = document.title;', /Cannot find name 'document'/],
    ['compute/planted.ts', 'export const page = document.title;', /Cannot find name 'document'/],
    ['main/planted.ts', 'export const page = window.location;', /Cannot find name 'window'/],
  ])('%s: %s', (path, source, message) => {
    expect(messagesFor(path, source).join('\n')).toMatch(message);
  });

  it.each([
    ['shared/planted.ts', "export const greeting: string = 'hello';"],
    ['compute/planted.ts', 'export const where = process.cwd();'],
    ['main/planted.ts', "export { readFileSync } from 'node:fs';"],
  ])('%s may: %s', (path, source) => {
    expect(messagesFor(path, source)).toEqual([]);
  });

  it.each(['shared', 'compute', 'main'])('%s/ takes in no file from elsewhere', (folder) => {
    const config = ts.readConfigFile(join(projectRoot, folder, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys));
    const { options, fileNames } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(projectRoot, folder));
    expect(options.composite).toBe(true);
    const allowed = [folder, 'shared'].map((name) => `${join(projectRoot, name)}/`);
    expect(fileNames.filter((name) => !allowed.some((prefix) => join(name).startsWith(prefix)))).toEqual([]);
  });
});
