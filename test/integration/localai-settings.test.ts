/** Servers that are set up otherwise, real and stand-in: the whole way where it is to be had, and words where it is not. */
import { describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactHost } from '../../main/services/deploy/artifact-host/artifact-host.ts';
import { driverFor, filesIn, layOut, patience, testKey } from '../support/localai-contract.ts';
import { startLocalAi, whyNoLocalAi } from '../support/localai-server.ts';
import { LocalAiStandin } from '../support/localai-standin/standin.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();

interface Settings {
  readonly webui?: boolean;
  readonly gallery?: boolean;
  readonly opaqueErrors?: boolean;
  readonly maxLoaded?: number;
}

const names = {
  webui: 'LOCALAI_DISABLE_WEBUI=true',
  gallery: 'LOCALAI_DISABLE_GALLERY_ENDPOINT=true',
  opaqueErrors: 'LOCALAI_OPAQUE_ERRORS=true',
  maxLoaded: 'LOCALAI_MAX_ACTIVE_BACKENDS=1',
} as const;

const grounds = [
  {
    name: 'the stand-in',
    missing: null,
    start: async (models: string, settings: Settings) => {
      const standin = await LocalAiStandin.start({ folder: models, key: testKey, ...settings });
      return { url: standin.url, stop: () => standin.down() };
    },
  },
  {
    name: 'LocalAI',
    missing: whyNoLocalAi,
    start: (models: string, settings: Settings) =>
      startLocalAi({ models, key: testKey, env: (Object.keys(settings) as (keyof Settings)[]).map((one) => names[one]) }),
  },
];

describe.each(grounds)('$name', ({ missing, start, name }) => {
  describe.skipIf(missing !== null)(`set up otherwise${missing === null ? '' : ` (SKIPPED: ${missing})`}`, { timeout: 120_000 }, () => {
    const scene = async (settings: Settings, prepare: (models: string) => void = () => undefined) => {
      const laid = layOut(mkdtempSync(join(folder, 'scene-')));
      prepare(laid.models);
      const [server, host] = [await start(laid.models, settings), new ArtifactHost()];
      const end = async (): Promise<void> => {
        await server.stop();
        await host.close();
      };
      return { ...laid, driver: driverFor(server.url, host), end };
    };

    it('without its web application takes adapters and moves names all the same', async () => {
      const { driver, artifact, base, models, end } = await scene({ webui: false });
      const before = filesIn(models);
      expect(await driver.check(patience())).toMatchObject({ state: 'limited', can: { install: true, alias: true, patch: false, resources: false } });
      expect(await driver.findBase(base, patience())).toEqual({ model: 'tiny', verifiedBy: 'name' });
      await driver.install(await artifact('a-v1', 1), patience());
      await driver.load('a-v1', patience());
      await driver.setAlias('a', 'tiny', { ...patience(), expected: null });
      await driver.setAlias('a', 'a-v1', { ...patience(), expected: 'tiny' });
      expect((await driver.state(patience())).aliases.get('a')).toBe('a-v1');
      await driver.setAlias('a', null, { ...patience(), expected: 'a-v1' });
      await driver.unload('a-v1', patience());
      await driver.remove('a-v1', patience());
      expect(filesIn(models)).toEqual(before);
      await end();
    });

    it('without its administration is left alone, with words', async () => {
      const { driver, artifact, models, end } = await scene({ gallery: false });
      const before = filesIn(models);
      expect(await driver.check(patience())).toMatchObject({ state: 'failed', can: { install: false, alias: false, patch: true } });
      await expect(driver.install(await artifact('a-v1', 1), patience())).rejects.toMatchObject({ code: 'REMOTE_FAILED' });
      await expect(driver.setAlias('a', 'tiny', { ...patience(), expected: null })).rejects.toMatchObject({
        code: 'REMOTE_FAILED',
        message: expect.stringContaining('no aliases') as string,
      });
      expect(filesIn(models)).toEqual(before);
      await end();
    });

    it('that keeps its reasons to itself still takes an adapter, and says that it failed', async () => {
      const { driver, artifact, models, end } = await scene({ opaqueErrors: true });
      const before = filesIn(models);
      const one = await artifact('a-v1', 1);
      await expect(driver.install({ ...one, sha256: 'f'.repeat(64) }, patience())).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FETCHED' });
      expect(filesIn(models)).toEqual(before);
      await driver.install(one, patience());
      await driver.load('a-v1', patience());
      await driver.remove('a-v1', patience());
      await end();
    });

    it('whose configurations stand in files of other names gets the adapter by an import', async () => {
      const { driver, artifact, models, end } = await scene({}, (place) => {
        renameSync(join(place, 'tiny.yaml'), join(place, 'operators-choice.yaml'));
      });
      const before = filesIn(models);
      await expect(driver.install({ ...(await artifact('a-v1', 1)), sha256: 'f'.repeat(64) }, patience())).rejects.toMatchObject({
        code: 'ARTIFACT_NOT_FETCHED',
      });
      expect(filesIn(models)).toEqual(before);
      const put = await driver.install(await artifact('a-v1', 1), patience());
      expect(readFileSync(join(models, 'a-v1.yaml'), 'utf8')).not.toContain('http://');
      await driver.load('a-v1', patience());
      expect(await driver.installed('a-v1', patience())).toEqual(put);
      await driver.remove('a-v1', patience());
      expect(filesIn(models).filter((file) => !file.endsWith('.gguf'))).toEqual(before.filter((file) => !file.endsWith('.gguf')));
      await end();
    });

    it('that keeps one model in memory keeps both versions of a deployment', async () => {
      const { driver, artifact, models, end } = await scene({ maxLoaded: 1 });
      for (const [seed, name] of ['a-v1', 'a-v2'].entries()) {
        await driver.install(await artifact(name, seed + 1), patience());
        await driver.load(name, patience());
      }
      expect(new Set((await driver.state(patience())).loaded)).toEqual(new Set(['a-v1', 'a-v2']));
      expect(readFileSync(join(models, 'a-v1.yaml'), 'utf8')).toContain('pinned: true');
      await driver.unload('a-v1', patience());
      expect(readFileSync(join(models, 'a-v1.yaml'), 'utf8')).not.toContain('pinned: true');
      expect((await driver.state(patience())).loaded, name).toEqual(['a-v2']);
      await end();
    });
  });
});
