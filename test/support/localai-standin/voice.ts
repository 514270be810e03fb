/** How the stand-in's models answer where they shall answer rightly: by the engine, with the adapter that the server has; so that a validation can agree. */
import { availableParallelism } from 'node:os';
import type { ChatMessage } from '../../../compute/data/chat-template.ts';
import { encodeMessages } from '../../../compute/inference/encode-prompt.ts';
import { generateText, nextLogits } from '../../../compute/inference/generate.ts';
import { loadForInference, type LoadedModel } from '../../../compute/inference/load-for-inference.ts';
import { SequenceCache } from '../../../compute/inference/sequence-cache.ts';
import { cpuDefaults } from '../../../shared/domain/cpu-optimization.ts';

/** Files on the server. */
export interface Weights {
  readonly base: string;
  readonly adapter: string | null;
}

export interface Said {
  readonly text: string;
  readonly promptTokens: number;
  readonly tokens: number;
  readonly whole: boolean;
}

export interface Voice {
  /** Greedy. */
  chat(weights: Weights, asked: { readonly messages: readonly ChatMessage[]; readonly maxTokens: number }): Promise<Said>;
  score(weights: Weights, asked: { readonly prompt: string; readonly candidate: string }): number;
}

/** What was once answered is remembered: the same weights say the same again. */
export function engineVoice(): Voice {
  const models = new Map<string, LoadedModel>();
  const answers = new Map<string, Promise<Said>>();
  const engine = { cpu: { ...cpuDefaults(availableParallelism()), num_workers: 1 }, precision: 'auto' as const };
  const modelOf = ({ base, adapter }: Weights): LoadedModel => {
    const key = `${base} ${adapter ?? ''}`;
    const loaded = models.get(key) ?? loadForInference({ model: base, adapter, engine });
    models.set(key, loaded);
    return loaded;
  };
  // Two that generate at once would share one cache of keys.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    chat: (weights, asked) => {
      const key = JSON.stringify([weights, asked]);
      const answer = answers.get(key) ?? ((turn = turn.then(() => say(modelOf(weights), asked))) as Promise<Said>);
      answers.set(key, answer);
      return answer;
    },
    score: (weights, asked) => logProb(modelOf(weights), asked),
  };
}

async function say(loaded: LoadedModel, { messages, maxTokens }: { readonly messages: readonly ChatMessage[]; readonly maxTokens: number }): Promise<Said> {
  const { tokens: prompt } = encodeMessages(loaded, messages, { raw: false });
  const options = { dtype: loaded.dtype, maxTokens, temperature: 0, topP: 1, seed: 0 };
  const { text, tokens, stop } = await generateText(loaded.model, loaded.tokenizer, prompt, options);
  return { text, promptTokens: prompt.length, tokens, whole: stop === 'end' };
}

/** Of the candidate behind the prompt, which are tokenised together. */
function logProb({ model, tokenizer, dtype }: LoadedModel, { prompt, candidate }: { readonly prompt: string; readonly candidate: string }): number {
  const all = tokenizer.encode(`${prompt}${candidate}`, { addSpecial: true });
  const from = tokenizer.encode(prompt, { addSpecial: true }).length;
  const cache = new SequenceCache({ capacity: all.length, dtype });
  try {
    let [sum, pending] = [0, all.slice(0, from)];
    for (const token of all.slice(from)) {
      const logits = nextLogits(model, cache, pending, dtype);
      const largest = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
      const total = Math.log(logits.reduce((whole, logit) => whole + Math.exp(logit - largest), 0)) + largest;
      sum += (logits[token] ?? NaN) - total;
      pending = [token];
    }
    return sum;
  } finally {
    cache.dispose();
  }
}
