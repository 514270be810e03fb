import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitWarmup, mergeInputs, resolveTrainingConfig } from './resolve-training-config.ts';
import { ResolvedTrainingConfig, TrainingConfigInput } from './training-config.ts';

const found = { model: '/m.gguf', dataPath: '/rows.jsonl', cores: 8 };

describe('resolveTrainingConfig', () => {
  it("gives the guide's defaults", () => {
    const { config, explicit, notes } = resolveTrainingConfig({}, found);
    expect(config.training).toMatchObject({
      learning_rate: 2e-4,
      batch_size: 4,
      gradient_accumulation: 4,
      max_epochs: 3,
      warmup_steps: 100,
      weight_decay: 0.01,
    });
    expect(config.lora).toMatchObject({ rank: 16, alpha: 32, dropout: 0.1, target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj'] });
    expect(config.cpu_optimization.num_workers).toBe(8);
    expect([explicit, notes]).toEqual([[], []]);
  });

  it('cuts workers to the cores, and says so', () => {
    const { config, notes } = resolveTrainingConfig({ cpu_optimization: { num_workers: 9 } }, found);
    expect(config.cpu_optimization.num_workers).toBe(8);
    expect(notes).toEqual(['num_workers is cut from 9 to 8, the cores of this machine.']);
  });

  it("takes LoRA+'s ratio by its second name, and refuses both at once", () => {
    const input = TrainingConfigInput.parse({ lora: { lora_plus_ratio: 16 } });
    expect(resolveTrainingConfig(input, found).config.lora.loraplus_lr_ratio).toBe(16);
    expect(TrainingConfigInput.safeParse({ lora: { lora_plus_ratio: 16, loraplus_lr_ratio: 4 } }).success).toBe(false);
    expect(TrainingConfigInput.safeParse({ lora: { lora_plus_ratio: 0 } }).success).toBe(false);
  });

  it('remembers which keys were given, null included', () => {
    const { config, explicit } = resolveTrainingConfig({ model: 'm', training: { warmup_steps: 100, max_steps: null }, data: { eval_path: '/e' } }, found);
    expect(explicit.toSorted()).toEqual(['data.eval_path', 'model', 'training.max_steps', 'training.warmup_steps']);
    expect(config.data).toMatchObject({ path: '/rows.jsonl', eval_path: '/e' });
  });

  it('resolves whatever the schema lets in, and needs no second resolution', () => {
    const input = fc.record(
      {
        lora: fc.record({ rank: fc.integer({ min: 1, max: 1024 }), dropout: fc.double({ min: 0, max: 0.99, noNaN: true }) }, { requiredKeys: [] }),
        training: fc.record(
          { seed: fc.nat(), max_steps: fc.option(fc.integer({ min: 1, max: 1e6 })), schedule: fc.constantFrom('linear', 'cosine', 'constant') },
          { requiredKeys: [] },
        ),
        cpu_optimization: fc.record({ num_workers: fc.integer({ min: 1, max: 1024 }), use_simd: fc.boolean() }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(input, (raw) => {
        const { config } = resolveTrainingConfig(TrainingConfigInput.parse(raw), found);
        expect(ResolvedTrainingConfig.parse(config)).toEqual(config);
        expect(resolveTrainingConfig(config, found).config).toEqual(config);
        expect(config.cpu_optimization.num_workers).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('mergeInputs', () => {
  it('lets flags win key by key', () => {
    const merged = mergeInputs({ model: 'file', lora: { rank: 4, alpha: 8 } }, { lora: { rank: 2 }, training: { seed: 1 } });
    expect(merged).toEqual({ model: 'file', lora: { rank: 2, alpha: 8 }, training: { seed: 1 } });
  });
});

describe('fitWarmup', () => {
  const of = (input: TrainingConfigInput, steps: number) => fitWarmup(resolveTrainingConfig(input, found), steps);

  it('leaves a run of ten warm-ups alone', () => expect(of({}, 1000)).toEqual({ warmupSteps: 100, note: null }));
  it('cuts the default to a tenth of a shorter run, and says so', () => {
    expect(of({}, 999)).toEqual({ warmupSteps: 99, note: "The warm-up is cut from 100 to 99 steps, a tenth of this run's 999." });
    expect(of({}, 5).warmupSteps).toBe(0);
  });
  it('obeys an explicit value, even if it is the default', () => expect(of({ training: { warmup_steps: 100 } }, 20)).toEqual({ warmupSteps: 100, note: null }));
});
