/** The answers of LocalAI that are read, as far as they are. */
import { z } from 'zod';

export const Version = z.object({ version: z.string() });
export const Features = z.object({ distributed: z.boolean().default(false) });
export const AuthStatus = z.object({ authEnabled: z.boolean(), staticApiKeyRequired: z.boolean().default(false) });
export const System = z.object({ backends: z.array(z.string()).nullish(), loaded_models: z.array(z.object({ id: z.string() })).nullish() });
export const Models = z.object({ data: z.array(z.object({ id: z.string() })).nullish() });
export const Aliases = z.array(z.object({ name: z.string(), target: z.string() })).nullable();
export const Resources = z.object({
  storage_size: z.number().optional(),
  aggregate: z.object({ total_memory: z.number(), free_memory: z.number() }).optional(),
});
export const Estimate = z.object({ size_bytes: z.number().min(0).optional() });
export const EditText = z.object({ config: z.string() });
export const Accepted = z.object({ uuid: z.string().min(1) });
export const Changed = z.object({ filename: z.string().optional() });

export const Job = z.object({
  processed: z.boolean(),
  error: z.string().nullish(),
  message: z.string().nullish(),
  cancelled: z.boolean().nullish(),
  phase: z.string().nullish(),
});
export type Job = z.infer<typeof Job>;

/** A configuration as the server uses it, with its defaults filled in. */
export const EffectiveConfig = z.looseObject({
  parameters: z.looseObject({ model: z.string().optional() }).default({}),
  context_size: z.number().nullish(),
});

/** A configuration as it was written. */
export const WrittenConfig = z.looseObject({
  name: z.string().optional(),
  alias: z.string().optional(),
  description: z.string().nullish(),
  backend: z.string().optional(),
  disabled: z.boolean().nullish(),
  pinned: z.boolean().nullish(),
  parameters: z.looseObject({ model: z.string().optional() }).nullish(),
  template: z.record(z.string(), z.unknown()).nullish(),
  options: z.array(z.string()).nullish(),
  known_usecases: z.array(z.string()).nullish(),
  lora_adapter: z.string().nullish(),
  lora_base: z.string().nullish(),
  lora_scale: z.number().nullish(),
  context_size: z.number().nullish(),
  download_files: z.array(z.looseObject({ filename: z.string().optional(), sha256: z.string().optional() })).nullish(),
});
export type WrittenConfig = z.infer<typeof WrittenConfig>;

export const Scores = z.object({ candidates: z.array(z.object({ log_prob: z.number() })) });

/** One piece of a streamed chat. */
export const ChatPiece = z.union([
  z.object({ error: z.object({ message: z.string() }) }),
  z.object({
    choices: z.array(z.object({ finish_reason: z.string().nullish(), delta: z.object({ content: z.string().nullish() }).nullish() })).nullish(),
    usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
  }),
]);
