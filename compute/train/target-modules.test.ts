/** A recipe with the usual target names on a model with fused projections: the run says what they became, and its adapter has PEFT's names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { JobEvent } from '../../shared/contracts/run-events.ts';
import { recordOf, trainInProcess } from '../../test/support/in-process-run.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';
import { tinyFamilies } from '../../test/support/tiny-families.ts';
import { writeTinyData, writeTinyModel } from '../../test/support/tiny-model.ts';
import { readSafetensors } from '../formats/safetensors/safetensors-reader.ts';

const folder = temporaryFolder();

it('is told in the output and in run.yaml', { timeout: 60_000 }, async () => {
  const model = await writeTinyModel(join(folder, 'model'), { family: tinyFamilies.phi });
  const data = writeTinyData(join(folder, 'rows.jsonl'), 12);
  const events: JobEvent[] = [];
  const run = join(folder, 'run');
  const config = {
    training: { max_steps: 2, max_epochs: 1, warmup_steps: 0, batch_size: 4, gradient_accumulation: 1 },
    lora: { target_modules: ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'up_proj'] },
  };
  const { adapter } = await trainInProcess({ folder: run, model, data, config, onEvent: (event) => events.push(event) });
  const notes = [
    'Of the target modules, q_proj, k_proj, v_proj became qkv_proj, which does that work in this model.',
    'Of the target modules, up_proj became gate_up_proj, which does that work in this model.',
  ];
  const told = events.flatMap((event) => (event.event === 'note' ? [event.message] : []));
  expect(told).toEqual(expect.arrayContaining(notes));
  expect(recordOf(run)['notes']).toEqual(expect.arrayContaining(notes));
  expect(JSON.parse(readFileSync(join(adapter, 'adapter_config.json'), 'utf8'))).toMatchObject({ target_modules: ['gate_up_proj', 'o_proj', 'qkv_proj'] });
  const names = readSafetensors(join(adapter, 'adapter_model.safetensors')).tensors.map(({ name }) => name);
  expect(names.filter((name) => name.includes('.layers.1.')).toSorted()).toEqual(
    ['mlp.gate_up_proj', 'self_attn.o_proj', 'self_attn.qkv_proj'].flatMap((module) =>
      ['A', 'B'].map((half) => `base_model.model.model.layers.1.${module}.lora_${half}.weight`),
    ),
  );
});
