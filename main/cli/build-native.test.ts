import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outputOfModule } from '../../test/support/run-module.ts';
import { addonPath, ensureAddon, isAddonCurrent } from './build-native.js';

const cmakeLists = `cmake_minimum_required(VERSION 3.18)
project(toy CXX)
add_library(lathe MODULE toy.cc)
set_target_properties(lathe PROPERTIES PREFIX "" SUFFIX ".node")
target_include_directories(lathe PRIVATE \${NODE_API_INCLUDE} \${NODE_ADDON_API_INCLUDE})
target_compile_definitions(lathe PRIVATE TOY=1)
if(APPLE)
  target_link_options(lathe PRIVATE -undefined dynamic_lookup)
endif()
`;
const quiet = (): void => undefined;

describe('ensureAddon', () => {
  let folder = '';
  let native = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lathe-build-'));
    native = join(folder, 'native');
    mkdirSync(native);
    writeFileSync(join(native, 'CMakeLists.txt'), cmakeLists);
    writeFileSync(join(native, 'toy.cc'), '#include <node_api.h>\nextern "C" int toy() { return NAPI_VERSION; }\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('builds once, and again only when a source has changed', async () => {
    expect(isAddonCurrent(native)).toBe(false);
    expect(await ensureAddon({ native, log: quiet })).toEqual({ path: addonPath(native), built: true });
    expect(await ensureAddon({ native, log: quiet })).toEqual({ path: addonPath(native), built: false });
    writeFileSync(join(native, 'README.md'), 'not compiled');
    expect(isAddonCurrent(native)).toBe(true);
    writeFileSync(join(native, 'toy.cc'), 'extern "C" int toy() { return 2; }\n');
    expect(await ensureAddon({ native, log: quiet })).toMatchObject({ built: true });
  });

  it('builds again in a checkout that was copied', async () => {
    await ensureAddon({ native, log: quiet });
    const copy = join(folder, 'copy');
    cpSync(native, copy, { recursive: true });
    writeFileSync(join(copy, 'toy.cc'), 'extern "C" int toy() { return 3; }\n');
    expect(await ensureAddon({ native: copy, log: quiet })).toEqual({ path: addonPath(copy), built: true });
  });

  it('lets processes that ask at once wait for one build', async () => {
    const program = `import { ensureAddon } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'build-native.js')).href)};
      console.log(JSON.stringify(await ensureAddon({ native: ${JSON.stringify(native)} })));`;
    const outputs = await Promise.all([1, 2, 3].map(() => outputOfModule(program)));
    const built = outputs.map((output) => (JSON.parse(output) as { built: boolean }).built);
    expect(built.toSorted()).toEqual([false, false, true]);
  });

  it('says that cmake is missing', async () => {
    await expect(ensureAddon({ native, log: quiet, cmake: join(folder, 'no-such-cmake') })).rejects.toMatchObject({ reason: 'cmake was not found' });
  });

  it('says that the compiler is missing', async () => {
    const before = process.env['CXX'];
    process.env['CXX'] = join(folder, 'no-such-compiler');
    try {
      await expect(ensureAddon({ native, log: quiet })).rejects.toMatchObject({ reason: 'no working C++ compiler was found' });
    } finally {
      if (before === undefined) delete process.env['CXX'];
      else process.env['CXX'] = before;
    }
  });

  it("shows the compiler's first error and keeps its whole output", async () => {
    writeFileSync(join(native, 'toy.cc'), 'int toy() { return nothing_of_that_name; }\n');
    await expect(ensureAddon({ native, log: quiet })).rejects.toMatchObject({
      reason: expect.stringMatching(/^the compiler failed: .*nothing_of_that_name.*; see .*build\.log$/) as string,
    });
    expect(readFileSync(join(native, 'build', 'build.log'), 'utf8')).toContain('nothing_of_that_name');
    expect(isAddonCurrent(native)).toBe(false);
  });

  it('says that there is nothing to build', async () => {
    rmSync(join(native, 'CMakeLists.txt'));
    await expect(ensureAddon({ native, log: quiet })).rejects.toMatchObject({ reason: 'its sources are not here' });
  });
});
