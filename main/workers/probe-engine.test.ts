import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Isa } from '../../shared/domain/isa.ts';
import { nodeForkTransport } from './node-fork-transport.ts';
import { cachedProbe } from './probe-cache.ts';
import { probeEngine, readIsaCap, type ProbeReport } from './probe-engine.ts';

const entry = join(import.meta.dirname, '..', '..', 'test', 'support', 'fake-probe-process.ts');

const probe = (falls: string, { cap, timeoutMs = 20_000 }: { cap?: Isa; timeoutMs?: number } = {}): Promise<ProbeReport> => {
  vi.stubEnv('LATHE_TEST_FALLS', falls);
  return probeEngine({ transport: nodeForkTransport(), entry, timeoutMs }, cap, 'x64');
};

afterEach(() => vi.unstubAllEnvs());

describe('probeEngine', () => {
  it('takes the highest rung that lives', async () => {
    expect(await probe('')).toMatchObject({ answer: { isa: 'amx' }, fallen: [] });
    expect(await probe('', { cap: 'avx2' })).toMatchObject({ answer: { isa: 'avx2' }, fallen: [] });
  });

  it('steps down past rungs that die, and says what killed them', async () => {
    const { answer, fallen } = await probe('amx:SIGILL,avx512bf16:SIGSEGV,avx512:exit');
    expect(answer.isa).toBe('avx2');
    expect(fallen.map(({ isa }) => isa)).toEqual(['amx', 'avx512bf16', 'avx512']);
    expect(fallen[0]?.reason).toBe('gemm_amx: SIGILL: an instruction that this processor does not have');
  });

  it('steps down past a rung that hangs', async () => {
    const { answer, fallen } = await probe('avx2:hang', { cap: 'avx2', timeoutMs: 1_500 });
    expect([answer.isa, fallen[0]?.reason]).toEqual(['ref', 'gemm_avx2: no answer in 1.5 s']);
  });

  it('gives up where even the reference dies', async () => {
    await expect(probe('avx2:SIGILL,ref:SIGILL', { cap: 'avx2' })).rejects.toMatchObject({ code: 'ADDON_UNUSABLE', facts: { isa: 'ref' } });
  });

  it('passes on what the probe itself reports', async () => {
    await expect(probe('amx:missing')).rejects.toMatchObject({ code: 'ADDON_MISSING' });
  });
});

describe('readIsaCap', () => {
  it('reads, or refuses, LATHE_ISA', () => {
    expect(readIsaCap({})).toBeUndefined();
    expect(readIsaCap({ LATHE_ISA: 'AVX2' })).toBe('avx2');
    expect(() => readIsaCap({ LATHE_ISA: 'sse9' })).toThrow(expect.objectContaining({ code: 'ISA_UNKNOWN', exitCode: 2 }) as Error);
  });
});

describe('cachedProbe', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lathe-probe-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('asks once for an engine and a cap, and again for a changed engine', async () => {
    const [addon, tally] = [join(folder, 'addon'), join(folder, 'tally')];
    writeFileSync(addon, 'one');
    vi.stubEnv('LATHE_TEST_TALLY', tally);
    const ask = (cap: Isa | undefined): Promise<ProbeReport> =>
      cachedProbe(join(folder, 'cache'), { addon, cap }, () => probe('amx:SIGILL', cap === undefined ? {} : { cap }));
    const first = await ask(undefined);
    expect(await ask(undefined)).toEqual(first);
    expect(readFileSync(tally, 'utf8')).toBe('amx\navx512bf16\n');
    await ask('ref');
    appendFileSync(addon, 'two');
    await ask(undefined);
    expect(readFileSync(tally, 'utf8')).toBe('amx\navx512bf16\nref\namx\navx512bf16\n');
  });
});
