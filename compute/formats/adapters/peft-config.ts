/** PEFT's adapter_config.json: the keys of release 0.21 as its own writer sets them, and which of them this version can honour. */
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { isDora, leafName, sortedModules, type AdapterTensors } from './adapter-tensors.ts';

/** Everything that plain LoRA leaves at PEFT's default. */
const defaults = {
  alora_invocation_tokens: null,
  arrow_config: null,
  auto_mapping: null,
  bias: 'none',
  corda_config: null,
  ensure_weight_tying: false,
  eva_config: null,
  exclude_modules: null,
  fan_in_fan_out: false,
  inference_mode: true,
  init_lora_weights: true,
  kasa_config: null,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null,
  loftq_config: {},
  lora_bias: false,
  lora_ga_config: null,
  megatron_config: null,
  megatron_core: 'megatron.core',
  modules_to_save: null,
  monteclora_config: null,
  peft_type: 'LORA',
  peft_version: '0.21.2',
  qalora_group_size: 16,
  revision: null,
  target_parameters: null,
  task_type: 'CAUSAL_LM',
  trainable_token_indices: null,
  use_bdlora: null,
  use_qalora: false,
  velora_config: null,
} as const;

/**
 * adapter_config.json for an adapter, keys sorted as PEFT sorts them. With a prefix only modules under it are targets, since what is beside
 * the language model has some of the same names.
 */
export function peftConfigText(adapter: AdapterTensors, prefix?: string): string {
  const modules = sortedModules(adapter.matrices);
  const ranks = modules.filter(([, { rank }]) => rank !== adapter.rank).map(([module, { rank }]) => [module, rank]);
  const alphas = modules.filter(([, { alpha }]) => alpha !== undefined && alpha !== adapter.alpha).map(([module, { alpha }]) => [module, alpha]);
  const targets = [...new Set(modules.map(([module]) => leafName(module)))].toSorted();
  const config: Record<string, unknown> = {
    ...defaults,
    base_model_name_or_path: adapter.baseModelName,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: adapter.dropout,
    use_dora: isDora(adapter),
    use_rslora: adapter.useRsLora,
    target_modules: prefix === undefined ? targets : `${prefix.replaceAll('.', '\\.')}.*\\.(${targets.join('|')})`,
    rank_pattern: Object.fromEntries(ranks) as unknown,
    alpha_pattern: Object.fromEntries(alphas) as unknown,
  };
  return `${JSON.stringify(Object.fromEntries(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))), null, 2)}\n`;
}

const Pattern = z.record(z.string(), z.number().positive());

const schema = z.looseObject({
  peft_type: z.string(),
  r: z.int().positive(),
  lora_alpha: z.number().nonnegative(),
  lora_dropout: z.number().min(0).max(1).default(0),
  use_dora: z.boolean().default(false),
  use_rslora: z.boolean().default(false),
  base_model_name_or_path: z.string().nullish(),
  rank_pattern: Pattern.nullish(),
  alpha_pattern: Pattern.nullish(),
});

export type PeftConfig = z.infer<typeof schema>;

/** Keys that change what the adapter computes, with the values under which it is LoRA or DoRA over the model's own weights. An empty list or record is none. */
const plainValues: Readonly<Record<string, readonly unknown[]>> = {
  bias: ['none'],
  fan_in_fan_out: [false],
  lora_bias: [false],
  use_qalora: [false],
  use_bdlora: [null, false],
  layer_replication: [null],
  modules_to_save: [null],
  target_parameters: [null],
  trainable_token_indices: [null],
  alora_invocation_tokens: [null],
  arrow_config: [null],
  monteclora_config: [null],
  velora_config: [null],
  kasa_config: [null],
  // Only where A and B begin, and only then; the other ways also change the base's weights.
  init_lora_weights: [true, false, null, 'gaussian', 'eva', 'orthogonal'],
};

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Checks a parsed adapter_config.json; refuses by key what is more than plain LoRA. */
export function checkPeftConfig(raw: unknown, path: string): PeftConfig {
  const fail = (problem: string): never => {
    throw new AppError('ADAPTER_INVALID', { path, problem });
  };
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail(`key ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'invalid'}`);
  }
  const config = parsed.data;
  if (config.peft_type !== 'LORA') fail(`it is of type ${config.peft_type}, only LORA is read`);
  for (const [key, plain] of Object.entries(plainValues)) {
    const value = config[key];
    if (value !== undefined && !plain.includes(value) && !isEmpty(value)) fail(`key ${key} is ${JSON.stringify(value)}, which this version does not compute`);
  }
  return config;
}

/** Enough for the patterns that name layers; each one more may try as many ways again. */
const PATTERN_LENGTH = 200;
const PATTERN_REPEATS = 3;

/** A key of a rank or alpha pattern is a regular expression that must match from a dot (or the start) of a module's name to its end. */
function patternOf(key: string, path: string): RegExp {
  const fail = (problem: string): never => {
    throw new AppError('ADAPTER_INVALID', { path, problem: `pattern ${key} ${problem}` });
  };
  const repeats = key.match(/[*+{]/g)?.length ?? 0;
  if (key.length > PATTERN_LENGTH || repeats > PATTERN_REPEATS || /\)[*+{]/.test(key)) fail('is a regular expression too involved to be read');
  try {
    return new RegExp(`^(?:.*\\.)?(?:${key})$`);
  } catch {
    return fail('is no regular expression');
  }
}

/** The value that a rank or alpha pattern gives a module: that of the first key that matches. */
export function patternValue(pattern: PeftConfig['rank_pattern'], module: string, path: string): number | undefined {
  return Object.entries(pattern ?? {}).find(([key]) => patternOf(key, path).test(module))?.[1];
}
