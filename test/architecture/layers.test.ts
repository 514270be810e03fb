/** The layers as a red or green test, and the proof that each rule can turn red. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { plantedBreaches, plantedSound, reachingOutward } from './planted-breaches.ts';

const projectRoot = join(import.meta.dirname, '..', '..');
const rules = createRequire(import.meta.url)('./layers.cjs') as { forbidden: IForbiddenRuleType[]; options: ICruiseOptions };
const ruleNames = rules.forbidden.map(({ name }) => name ?? '');
const breaches = [...plantedBreaches, ...ruleNames.flatMap((name) => reachingOutward(name) ?? [])];
const tsConfig = extractTsConfig(join(projectRoot, 'tsconfig.json'));
const { enhancedResolveOptions, tsConfig: _, ...options } = rules.options;

/** `rule: from → to` of every breach in a tree. */
async function breachesIn(baseDir: string): Promise<string[]> {
  const folders = readdirSync(baseDir, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && ['shared', 'main', 'renderer', 'compute', 'test'].includes(entry.name),
  );
  const result = await cruise(
    folders.map((entry) => entry.name),
    { ...options, baseDir, validate: true, ruleSet: { forbidden: rules.forbidden } },
    { ...enhancedResolveOptions },
    { tsConfig },
  );
  return (result.output as ICruiseResult).summary.violations.map((breach) => `${breach.rule.name}: ${breach.from} → ${breach.to}`);
}

describe('the layers', () => {
  it('hold in this tree', { timeout: 120_000 }, async () => {
    expect(await breachesIn(projectRoot)).toEqual([]);
  });

  it.each(['compute', 'main'])('know every folder of %s/', (top) => {
    const known = ruleNames.map((name) => new RegExp(`^${top}-(.+)-looks-inward$`).exec(name)?.[1]);
    const folders = readdirSync(join(projectRoot, top), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map((entry) => entry.name).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('each rule', () => {
  const tree = mkdtempSync(join(tmpdir(), 'lathe-layers-'));
  const plant = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  afterEach(() => {
    for (const entry of readdirSync(tree)) rmSync(join(tree, entry), { recursive: true });
  });
  afterAll(() => rmSync(tree, { recursive: true }));
  const plantGround = (): void => {
    cpSync(join(projectRoot, 'tsconfig.json'), join(tree, 'tsconfig.json'));
    const packages = ['electron', 'better-sqlite3', 'zod', 'vitest'];
    plant(
      'package.json',
      JSON.stringify({ type: 'module', dependencies: { electron: '1.0.0', 'better-sqlite3': '1.0.0', zod: '1.0.0' }, devDependencies: { vitest: '1.0.0' } }),
    );
    for (const name of packages) {
      plant(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      plant(`node_modules/${name}/index.js`, '');
    }
  };

  it('has a planted breach', () => {
    expect(ruleNames.filter((name) => !breaches.some(({ rule }) => rule === name))).toEqual([]);
  });

  it.each(breaches)('$rule turns red: $from imports $to', async ({ rule, from, to, source, alsoPlant }) => {
    plantGround();
    for (const path of alsoPlant) plant(path, 'export const thing = 1;\n');
    plant(from, source ?? `import { thing } from '${to}';\nexport const other = thing;\n`);
    expect((await breachesIn(tree)).map((breach) => breach.split(':')[0])).toContain(rule);
  });

  it('leaves what is allowed alone', async () => {
    plantGround();
    for (const [path, text] of Object.entries(plantedSound)) plant(path, text);
    expect(await breachesIn(tree)).toEqual([]);
  });
});
