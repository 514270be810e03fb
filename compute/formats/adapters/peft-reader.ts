/** Reads a PEFT LoRA folder: adapter_config.json and adapter_model.safetensors. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, isAppError } from '../../../shared/errors/app-error.ts';
import { nameInText } from '../huggingface/text-part.ts';
import { readJsonFile } from '../json-file.ts';
import { readSafetensors, type SafetensorsTensor } from '../safetensors/safetensors-reader.ts';
import { leafName, type AdapterTensors, type LoraMatrices } from './adapter-tensors.ts';
import { readLoraMatrices } from './lora-halves.ts';
import { checkPeftConfig, patternValue, type PeftConfig } from './peft-config.ts';
import { peftConfigName, peftPrefix, peftWeightsName } from './peft-writer.ts';

/** PEFT writes the magnitude without `.weight`. */
const partPattern = /^(.+)\.(?:lora_([AB])(?:\.default)?\.weight|lora_magnitude_vector(?:\.default)?(?:\.weight)?)$/;
const halves = { A: 'a', B: 'b' } as const;

export function readPeftAdapter(path: string): AdapterTensors {
  const configPath = join(path, peftConfigName);
  const config = checkPeftConfig(readConfig(configPath), configPath);
  const weightsPath = join(path, peftWeightsName);
  if (!existsSync(weightsPath) && existsSync(join(path, 'adapter_model.bin'))) {
    throw new AppError('ADAPTER_INVALID', { path, problem: `it has pickled weights (adapter_model.bin); only ${peftWeightsName} is read` });
  }
  const tensors = readSafetensors(weightsPath, 'Adapter weights').tensors.map((tensor) => withDType(tensor, weightsPath));
  const matrices = readLoraMatrices(weightsPath, tensors, (name) => {
    const [, module, half] = partPattern.exec(name) ?? [];
    if (module === undefined) return null;
    const part = half === undefined ? 'magnitude' : halves[half as keyof typeof halves];
    return { module: module.startsWith(peftPrefix) ? module.slice(peftPrefix.length) : module, half: part };
  });
  checkMagnitudes(matrices, config, weightsPath);
  return {
    rank: config.r,
    alpha: config.lora_alpha,
    useRsLora: config.use_rslora,
    dropout: config.lora_dropout,
    baseModelName: config.base_model_name_or_path ?? '',
    ropeLayout: 'half',
    targetModules: [...new Set([...matrices.keys()].map(leafName))].toSorted(),
    matrices: new Map([...matrices].map(([module, halves]) => [nameInText(module), withPatterns(module, halves, config, configPath)])),
  };
}

/** With `use_dora` every module has a magnitude, without it none. */
function checkMagnitudes(matrices: ReadonlyMap<string, LoraMatrices>, { use_dora: useDora }: PeftConfig, path: string): void {
  const odd = [...matrices].find(([, { magnitude }]) => (magnitude !== undefined) !== useDora);
  if (odd === undefined) return;
  const problem = useDora ? `${odd[0]} lacks its magnitude, which use_dora asks for` : `${odd[0]} has a magnitude, but the config does not say use_dora`;
  throw new AppError('ADAPTER_INVALID', { path, problem });
}

function readConfig(path: string): unknown {
  try {
    return readJsonFile(path, 'Adapter config');
  } catch (error) {
    if (isAppError(error, 'MODEL_INVALID')) throw new AppError('ADAPTER_INVALID', { path, problem: 'it is no JSON' }, { cause: error });
    throw error;
  }
}

function withDType({ name, type, shape, offset, bytes }: SafetensorsTensor, path: string): Parameters<typeof readLoraMatrices>[1][number] {
  if (type.dtype !== 'f32' && type.dtype !== 'f16' && type.dtype !== 'bf16')
    throw new AppError('TENSOR_TYPE_UNSUPPORTED', { path, tensor: name, type: type.name, known: 'F32 F16 BF16' });
  return { name, dtype: type.dtype, shape, offset, bytes };
}

/** PEFT takes the rank from the config, so a matrix of another one would not load there. */
function withPatterns(module: string, matrices: LoraMatrices, config: PeftConfig, path: string): LoraMatrices {
  const rank = patternValue(config.rank_pattern, module, path) ?? config.r;
  if (rank !== matrices.rank)
    throw new AppError('ADAPTER_INVALID', { path, problem: `the matrices of ${module} have rank ${String(matrices.rank)}, the config says ${String(rank)}` });
  const alpha = patternValue(config.alpha_pattern, module, path);
  return alpha === undefined ? matrices : { ...matrices, alpha };
}
