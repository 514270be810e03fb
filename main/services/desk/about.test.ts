import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { About } from '../../../shared/contracts/desk-calls.ts';
import { findPaths } from '../../platform/paths.ts';
import { SecretKeys } from '../../platform/secret-keys.ts';
import { projectFiles } from '../../platform/project-files.ts';
import type { ProbeReport } from '../../workers/probe-engine.ts';
import { AboutBook, licencesIn } from './about.ts';

const kernel = { op: 'gemm', name: 'gemm_ref', isa: 'ref', needs: '', supported: true, chosen: true } as const;
const report: ProbeReport = { answer: { features: [], isa: 'ref', kernels: [kernel] }, fallen: [] };

function bookOver(engine: () => Promise<ProbeReport>, secretKeys: SecretKeys | null = null) {
  return new AboutBook({ paths: findPaths({ LATHE_HOME: '/of/lathe' }), logPath: () => '/the.log', engine, secretKeys });
}

describe('host.about', () => {
  it('tells what this is, and asks the engine once', async () => {
    let asked = 0;
    const book = bookOver(() => Promise.resolve(report).finally(() => (asked += 1)));
    const about = About.parse(await book.about());
    expect(about).toMatchObject({
      home: '/of/lathe',
      log_path: '/the.log',
      engine: { isa: 'ref', kernels: [{ operation: 'gemm', kernel: 'gemm_ref', why: 'the best there is' }], problem: null },
      demo: { name: 'lathe-demo', config: { model: projectFiles.embeddedModel, data: { path: projectFiles.demoTrain, holdout_fraction: 0.03 } } },
    });
    expect([about.licences.find((each) => each.package === 'react'), about.licences.some((each) => each.package === 'vitest')]).toEqual([
      { package: 'react', licence: 'MIT' },
      false,
    ]);
    await book.about();
    expect(asked).toBe(1);
  });

  it('says why there is no engine, and looks again: it may have been built meanwhile', async () => {
    const answers = [Promise.reject(new AppError('ADDON_MISSING', { reason: 'no file' })), Promise.resolve(report)];
    const book = bookOver(() => answers.shift() ?? Promise.reject(new Error('asked too often')));
    expect((await book.about()).engine).toMatchObject({ isa: null, kernels: [], problem: expect.stringContaining('no file') });
    expect((await book.about()).engine.problem).toBeNull();
  });

  it('tells where secrets are kept, as this process would keep them', async () => {
    vi.stubEnv('LATHE_SECRET_KEY', '');
    const keeper = { name: 'safe-storage', get: () => Promise.resolve(null), set: () => Promise.resolve() } as const;
    const keys = new SecretKeys({ keeper, passphrase: () => Promise.resolve(''), log: keepingLogger() });
    expect((await bookOver(() => Promise.resolve(report)).about()).secrets).toBe('file');
    expect((await bookOver(() => Promise.resolve(report), keys).about()).secrets).toBe('shell');
    vi.stubEnv('LATHE_SECRET_KEY', 'given');
    expect((await bookOver(() => Promise.resolve(report), keys).about()).secrets).toBe('file');
    vi.unstubAllEnvs();
  });

  it('knows a licence for every package of the product', () => {
    const { dependencies } = JSON.parse(readFileSync(projectFiles.packageJson, 'utf8')) as { dependencies: Record<string, string> };
    const named = licencesIn(readFileSync(projectFiles.dependencies, 'utf8')).map((each) => each.package);
    expect(Object.keys(dependencies).filter((name) => !named.includes(name))).toEqual([]);
  });
});
