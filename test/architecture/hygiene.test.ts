/** What a reader should never meet: leftovers, another machine's paths, stray output, files beyond the budgets. */
import { describe, expect, it } from 'vitest';
import { linesMatching, sourceFiles, type SourceFile } from './source-files.ts';

const isText = (path: string): boolean =>
  !/^(resources\/(models|datasets)\/|package-lock[.]json$)/.test(path) && !/[.](gguf|safetensors|bin|png|ico|parquet|node)$/.test(path);
const isCode = (path: string): boolean => /[.](ts|tsx|js|cjs|cc|h|inc|inl)$/.test(path);
const isProduct = (path: string): boolean => /^(main|compute|shared|renderer)\//.test(path) && !/[.](test|fixture)[.]tsx?$/.test(path);

// Spelt apart, so that this file does not find itself.
const marks = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
const machinePaths = new RegExp(`(^|[^A-Za-z0-9_.$}/])/(${['ro' + 'ot', 'wo' + 'rk', 'ho' + 'me', 'Us' + 'ers'].join('|')})/[A-Za-z]`);
const temporaryPaths = /(^|[^A-Za-z0-9_.$}/])\/tm[p]\/[A-Za-z]/;
const registryHosts = /"resolved": "https?:/;

/** Lines of code as lint counts them: neither empty nor all comment. */
const codeLines = ({ text }: SourceFile): number => text.split('\n').filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;

const hardLimit = (path: string): number => {
  if (/^compute\/models\/|[.](cc|h|inl)$/.test(path)) return 600;
  return 500;
};

describe('the tree', () => {
  it('holds no left-over marks', () => {
    expect(linesMatching(sourceFiles(isCode), marks)).toEqual([]);
  });

  it("names no path of anybody's machine", () => {
    const files = sourceFiles(isText);
    expect([...linesMatching(files, machinePaths), ...linesMatching(files, temporaryPaths)]).toEqual([]);
  });

  it('prints only where the command line prints', () => {
    const files = sourceFiles((path) => isCode(path) && isProduct(path));
    expect(linesMatching(files, /\bconsole[.]\w+\(/)).toEqual([]);
    expect(linesMatching(files, /\bstd::(cout|cerr)\b|\b(printf|puts)\(/)).toEqual([]);
  });

  it('says why wherever a check is switched off', () => {
    const off = /eslint-disable|@ts-(ignore|expect-error|nocheck)|prettier-ignore/;
    const unexplained = sourceFiles(isCode).filter(({ path }) => !path.startsWith('test/architecture/'));
    expect(linesMatching(unexplained, off).filter((line) => !/ (--|:) \S+ \S+/.test(line.slice(line.search(off))))).toEqual([]);
  });

  it('keeps its files inside the budgets', () => {
    const over = sourceFiles(isCode).filter((file) => codeLines(file) > hardLimit(file.path));
    expect(over.map((file) => `${file.path}: ${codeLines(file)} lines`)).toEqual([]);
  });

  it('says in the first line of every source file what it is', () => {
    const files = sourceFiles((path) => isCode(path) && !/[.](test|fixture)[.]tsx?$/.test(path));
    const silent = files.filter(({ text }) => !/^(#!.*\n)?\s*(\/\*\*?|\/\/|#)/.test(text));
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  it('locks packages without naming a registry', () => {
    const lock = sourceFiles((path) => path === 'package-lock.json');
    expect(lock).toHaveLength(1);
    expect(linesMatching(lock, registryHosts)).toEqual([]);
  });
});

describe('these checks', () => {
  const planted = (text: string): SourceFile[] => [{ path: 'planted.ts', text }];

  it('can fail', () => {
    expect(linesMatching(planted(`// ${'TO' + 'DO'}: later`), marks)).toHaveLength(1);
    expect(linesMatching(planted(`const p = '/${'ho' + 'me'}/somebody/x'`), machinePaths)).toHaveLength(1);
    expect(linesMatching(planted(`const p = "/${'tm' + 'p'}/x"`), temporaryPaths)).toHaveLength(1);
    expect(linesMatching(planted('"resolved": "https://registry.example/x.tgz"'), registryHosts)).toHaveLength(1);
    expect(codeLines({ path: 'planted.ts', text: 'const a = 1;\n\n// why\n/** what\n * it is */\nconst b = 2;' })).toBe(2);
  });
});
