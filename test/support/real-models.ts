/** The real models that tests know, each with its reference run and the sentence its tests skip with. */
import { findGemma3, findShared, findSmollm2, withoutGemma3, withoutShared, withoutSmollm2 } from './smollm2.ts';

export interface RealModel {
  readonly name: string;
  readonly path: string | null;
  /** What the reference run computed. */
  readonly expectedPath: string | null;
  /** The A matrices that its training began with. */
  readonly adapterStart: string | null;
  /** The reference joined prompt, line break and completion as they are, since the model has no chat template. */
  readonly isBaseModel: boolean;
  /** Why it cannot be tested here; null if it can. */
  readonly missing: string | null;
}

const realModel = (name: string, files: { path: string | null; without: string; reference: string; isBaseModel: boolean }): RealModel => {
  const { path, without, reference, isBaseModel } = files;
  const expectedPath = findShared('parity', `${reference}_expected.json`);
  const missing = path === null ? without : expectedPath === null ? withoutShared : null;
  return { name, path, expectedPath, adapterStart: findShared('parity', `${reference}_lora_A_init.safetensors`), isBaseModel, missing };
};

export const smollm2 = realModel('SmolLM2-135M Q4_1', { path: findSmollm2(), without: withoutSmollm2, reference: 'smollm2', isBaseModel: false });
export const gemma3 = realModel('Gemma 3 270M Q4_K_M', { path: findGemma3(), without: withoutGemma3, reference: 'gemma3_270m', isBaseModel: true });

/** The training file's rows as the reference used them: `lines` of JSON. */
export function referenceRows(lines: readonly string[], { isBaseModel }: Pick<RealModel, 'isBaseModel'>): readonly string[] {
  if (!isBaseModel) return lines;
  return lines.map((line) => {
    const { instruction, output } = JSON.parse(line) as { instruction: string; output: string };
    return JSON.stringify({ prompt: `${instruction}\n`, completion: output });
  });
}
