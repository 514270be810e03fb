/** A small whole report with invented figures, for tests of the page; `sections` replaces some of them. */
import type { Pairs, ReferenceFigure, Report, RunFigure } from '../../bench/report/report-schema.ts';

export const fixtureRun = (tokensPerSecond: number, peakMebibytes = 900): RunFigure => ({
  tokens_per_second: tokensPerSecond,
  seconds_per_step: 2048 / tokensPerSecond,
  cpu_seconds_per_step: 4096 / tokensPerSecond,
  steps: 6,
  threads: 2,
  peak_bytes: peakMebibytes * 2 ** 20,
  command_line_peak_bytes: 90 * 2 ** 20,
  planned: { bytes: peakMebibytes * 2 ** 20, tokens_per_second: tokensPerSecond },
  chosen: { isa: 'amx', precision: 'bf16', panels: 'packed', recompute: false, micro_tokens: 2048 },
  kernel_seconds: { gemm_bf16: 6, attention_forward: 1, attention_backward: 2, elementwise: 0.8 },
  step_seconds: 10,
  evaluations: [],
});

const reference = (tokensPerSecond: number): ReferenceFigure => ({
  tokens_per_second: tokensPerSecond,
  seconds_per_step: 2048 / tokensPerSecond,
  peak_bytes: 5000 * 2 ** 20,
  dtype: 'bf16',
  ready_seconds: 14.2,
  versions: { torch: '2.15.0', peft: '0.21.2' },
});

const pairsOf = (name: string, isa: string, [ours, theirs]: readonly [number, number]): Pairs => ({
  name,
  isa,
  ours: [fixtureRun(ours), fixtureRun(1.1 * ours), fixtureRun(0.9 * ours)],
  reference: [reference(theirs), reference(0.95 * theirs)],
});

const gemm = (isa: string, weight: string, ours: number) => ({
  shape: '2048×576×1536',
  type: isa === 'amx' ? 'bf16' : 'f32',
  isa,
  row: `gemm_${isa}`,
  weight,
  gflops: [ours],
  reference_gflops: [isa === 'amx' ? 2800 : 240],
});

const point = (value: number, tokensPerSecond: number, peakMebibytes?: number) => ({ value, run: fixtureRun(tokensPerSecond, peakMebibytes) });
const facts = (name: string) => ({ date: '2026-11-26T12:00:00.000Z', command: `npm run bench -- --report --only ${name}`, quick: false });

const basesRow = (type: string, share: number, rise: number) => ({
  type,
  share,
  file_bytes: 100 * 2 ** 20,
  perplexity: 8 + rise,
  curve: [0, 10, 20, 30, 40].map((step) => ({ step, loss: (2 + rise) / (1 + step / 10) })),
  tokens_per_second: 2000,
  peak_bytes: 700 * 2 ** 20,
  as_stored: { tokens_per_second: 1500, peak_bytes: 400 * 2 ** 20 },
});

const precisionsRow = (precision: string, tokensPerSecond: number, heldOutLoss: number) => ({
  isa: 'avx2',
  precision,
  seconds_per_step: 500 / tokensPerSecond,
  cpu_seconds_per_step: 1000 / tokensPerSecond,
  tokens_per_second: tokensPerSecond,
  peak_bytes: 800 * 2 ** 20,
  kernel_seconds: { gemm_int8: 1 },
  held_out_loss: heldOutLoss,
});

export function fixtureReport(sections?: Partial<Report['sections']>): Report {
  return {
    machine: {
      cpu: 'A Processor',
      cores: 2,
      threads: 2,
      memory_bytes: 24 * 2 ** 30,
      platform: 'linux x64',
      node: 'v24.0.0',
      lathe: '0.1.0',
      features: ['avx2', 'amx'],
    },
    missing: {},
    sections: {
      gemm: { ...facts('gemm'), rows: [gemm('amx', 'packed', 2600), gemm('amx', 'plain', 2100), gemm('avx2', 'packed', 216), gemm('avx2', 'plain', 200)] },
      step: {
        ...facts('step'),
        pairs: [pairsOf('SmolLM2-135M, 4 × 512', 'amx', [2400, 600]), pairsOf('SmolLM2-135M, 4 × 512', 'avx2', [350, 250])],
      },
      rows: { ...facts('rows'), data: 'rows 1 to 84 of rows.jsonl', pairs: [pairsOf('SmolLM2-135M, real rows', 'best', [2000, 400])] },
      large: { ...facts('large'), pairs: [{ ...pairsOf('llama-3.2-1b shape, Q4_K, 1 × 1024, rank 16', 'best', [120, 1]), reference: [] }] },
      start: { ...facts('start'), seconds: [1.4, 1.5, 1.6], tokens: 250_000 },
      curves: {
        ...facts('curves'),
        threads: [point(1, 1300), point(2, 2400)],
        length: [point(128, 2000, 500), point(512, 2300, 620), point(2048, 2100, 1100), point(4096, 1800, 1740)],
        rank: [point(4, 2450), point(16, 2350), point(64, 2200)],
        batch: [point(1, 2100), point(4, 2400), point(16, 2450)],
      },
      bases: {
        ...facts('bases'),
        model: 'model.gguf',
        text: 'rows 641 to 704 of rows.jsonl, every token',
        training: 'rows 1 to 640, 8 a step',
        rows: [basesRow('F32', 1, 0), basesRow('Q8_0', 1, 0.01), basesRow('Q4_K', 0.25, 0.3)],
      },
      precisions: {
        ...facts('precisions'),
        model: 'model.gguf',
        training: '64 steps of 8 rows',
        rows: [precisionsRow('fp32', 250, 1.2345), precisionsRow('int8', 400, 1.24)],
      },
      ...sections,
    },
  };
}
