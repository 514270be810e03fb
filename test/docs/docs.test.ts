/** The generated pages are those of these sources, and every direct dependency is accounted for. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from './pages.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const textOf = (path: string): string => (existsSync(join(projectRoot, path)) ? readFileSync(join(projectRoot, path), 'utf8') : '');

describe('the generated pages', () => {
  it.for(pages)('$path is up to date (npm run docs)', async (page, context) => {
    const reason = page.notHere?.();
    if (reason !== undefined) context.skip(reason);
    expect(textOf(page.path)).toBe(await page.make());
  });
});

interface Manifest {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

describe('resources/docs/dependencies.md', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(textOf('package.json')) as Manifest;
  const direct = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies });
  const rows = new Map(
    [...textOf('resources/docs/dependencies.md').matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
      ([, name = '', version = '', licence = '', use = '', why = '']) => [
        name,
        { version: version.trim(), licence: licence.trim(), use: use.trim(), why: why.trim() },
      ],
    ),
  );

  it('has a row for every direct dependency, with its pinned version', () => {
    expect(Object.fromEntries([...rows].map(([name, { version }]) => [name, version]))).toEqual(Object.fromEntries(direct));
  });

  it('names the licence that the installed package names', () => {
    const installed = direct.flatMap(([name]) => {
      const manifest = textOf(`node_modules/${name}/package.json`);
      return manifest === '' ? [] : [[name, (JSON.parse(manifest) as Manifest).license] as const];
    });
    expect(installed.filter(([name, licence]) => licence !== undefined && rows.get(name)?.licence !== licence)).toEqual([]);
  });

  it('pins every version exactly', () => {
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });
});
