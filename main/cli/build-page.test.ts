import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputOfModule } from '../../test/support/run-module.ts';
import { ensureBuilt } from './build-page.js';

const config = (more = ''): string =>
  `import { writeFileSync } from 'node:fs';\nexport default { root: 'renderer', build: { outDir: '../dist/page', emptyOutDir: true } ${more} };\n`;

describe('ensureBuilt', { timeout: 60_000 }, () => {
  let root = '';
  let said: string[] = [];
  const write = (path: string, text: string): void => {
    writeFileSync(join(root, path), text);
  };
  const build = () => ensureBuilt('page', { root, log: (line) => said.push(line) });
  const problem = async (): Promise<string> => {
    const message = await build().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    return message.split('\n')[0] ?? '';
  };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'lathe-page-')));
    said = [];
    symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), join(root, 'node_modules'), 'junction');
    for (const folder of ['renderer', 'shared']) mkdirSync(join(root, folder));
    write('package.json', '{ "type": "module" }');
    write('package-lock.json', '{}');
    write('vite.config.ts', config());
    write('renderer/index.html', '<script type="module" src="./main.js"></script>');
    write('renderer/main.js', "import { word } from '../shared/word.js';\ndocument.title = word;\n");
    write('shared/word.js', "export const word = 'one';\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('builds once, and again only when what goes in has changed', async () => {
    expect([await build(), existsSync(join(root, 'dist', 'page', 'index.html'))]).toEqual([{ built: true }, true]);
    expect(await build()).toEqual({ built: false });
    for (const path of ['renderer/README.md', 'shared/word.test.ts']) write(path, 'not built');
    expect(await build()).toEqual({ built: false });
    write('shared/word.js', "export const word = 'two';\n");
    expect(await build()).toEqual({ built: true });
    write('package-lock.json', '{ "packages": {} }');
    expect(await build()).toEqual({ built: true });
    rmSync(join(root, 'dist', 'page'), { recursive: true });
    expect(await build()).toEqual({ built: true });
    expect(said).toEqual(Array.from({ length: 4 }, () => 'Building the page …'));
  });

  it('builds again what changed while it was built', async () => {
    const change = `() => writeFileSync(${JSON.stringify(join(root, 'shared', 'word.js'))}, "export const word = 'late';\\n")`;
    write('vite.config.ts', config(`, plugins: [{ name: 'late', closeBundle: ${change} }]`));
    expect([await build(), await build(), await build()]).toEqual([{ built: true }, { built: true }, { built: false }]);
  });

  it('lets processes that ask at once wait for one build', async () => {
    const program = `import { ensureBuilt } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'build-page.js')).href)};
      console.log(JSON.stringify(await ensureBuilt('page', { root: ${JSON.stringify(root)} })));`;
    const outputs = await Promise.all([1, 2, 3].map(() => outputOfModule(program)));
    const built = outputs.map((output) => (JSON.parse(output) as { built: boolean }).built);
    expect(built.toSorted()).toEqual([false, false, true]);
  });

  it('says in one line what is wrong, and where, and tries again', async () => {
    write('renderer/main.js', "import './nothing.js';\n");
    expect(await problem()).toMatch(/^\[UNRESOLVED_IMPORT\] .*nothing\.js.*renderer\/main\.js/);
    write('renderer/main.js', 'const = 3;\n');
    expect(await problem()).toMatch(/^\[PARSE_ERROR\] .*renderer\/main\.js:1:7\)$/);
    expect(await problem()).toMatch(/^\[PARSE_ERROR\] /);
    write('vite.config.ts', "throw new Error('no such luck');\n");
    expect(await problem()).toMatch(/no such luck/);
    write('vite.config.ts', config());
    write('renderer/main.js', '');
    expect(await build()).toEqual({ built: true });
  });

  it('keeps no stamp of a build that failed', async () => {
    await build();
    const before = readFileSync(join(root, 'dist', 'page.stamp'), 'utf8');
    write('renderer/main.js', 'const = 3;\n');
    expect([before.length, await problem(), existsSync(join(root, 'dist', 'page.stamp'))]).toEqual([64, expect.stringMatching(/PARSE_ERROR/), false]);
  });

  it('leaves alone what came built, and says that Vite is missing', async () => {
    rmSync(join(root, 'node_modules'));
    expect(await problem()).toBe('Vite is not installed');
    rmSync(join(root, 'shared'), { recursive: true });
    expect(await build()).toEqual({ built: false });
  });
});
