/** Next-token log-probabilities and greedy text as llama.cpp computes them: what a LocalAI server will do with the files. */
import type { ControlledEvaluateInputItem, Llama, LlamaModel, Token } from 'node-llama-cpp';
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import type { CheckProgress } from './check-progress.ts';
import { startLlama } from './start-llama.ts';

/**
 * One thread: llama.cpp's threads wait for each other by spinning, and beside any other load a second one makes it a hundred times
 * slower instead of twice as fast.
 */
const THREADS = 1;

/** Tokens computed in one go; between two a stop is heard. */
const STRETCH = 64;

/** A model loaded in llama.cpp. */
export class LlamaCpp implements AsyncDisposable {
  readonly #llama: Llama;
  readonly #model: LlamaModel;

  private constructor(llama: Llama, model: LlamaModel) {
    this.#llama = llama;
    this.#model = model;
  }

  static async load(modelPath: string): Promise<LlamaCpp> {
    const llama = await startLlama();
    return new LlamaCpp(llama, await llama.loadModel({ modelPath, gpuLayers: 0 }));
  }

  /** For each sequence, one table a position from `from` on: the log-probability of every token that could come next. Throws CANCELLED. */
  async logProbs(
    sequences: readonly (readonly number[])[],
    { adapter, from, progress }: { readonly adapter: string | null; readonly from: (length: number) => number; readonly progress: CheckProgress },
  ): Promise<Float32Array[][]> {
    const longest = Math.max(...sequences.map(({ length }) => length));
    const context = await this.#model.createContext({
      contextSize: Math.max(64, longest + 8),
      threads: THREADS,
      ...(adapter === null ? {} : { lora: { adapters: [{ filePath: adapter }] } }),
    });
    try {
      const sequence = context.getSequence();
      const all: Float32Array[][] = [];
      for (const tokens of sequences) {
        await sequence.clearHistory();
        const first = from(tokens.length);
        const items = tokens.map((token, i): ControlledEvaluateInputItem =>
          i < first ? (token as Token) : [token as Token, { generateNext: { probabilities: true } }],
        );
        const tables: Float32Array[] = [];
        for (let at = 0; at < items.length; at += STRETCH) {
          const output = await sequence.controlledEvaluate(items.slice(at, at + STRETCH));
          for (let i = Math.max(first - at, 0); i < Math.min(STRETCH, items.length - at); i++) tables.push(logs(output[i]?.next.probabilities ?? new Map()));
          await progress.pause();
        }
        all.push(tables);
        await progress.advance();
      }
      return all;
    } finally {
      await context.dispose();
    }
  }

  /** Greedy continuations of the prompts. Throws CANCELLED. */
  async greedy(
    prompts: readonly (readonly number[])[],
    {
      adapter,
      maxTokens,
      tokenizer,
      progress,
    }: { readonly adapter: string | null; readonly maxTokens: number; readonly tokenizer: Tokenizer; readonly progress: CheckProgress },
  ): Promise<string[]> {
    const longest = Math.max(...prompts.map(({ length }) => length));
    const context = await this.#model.createContext({
      contextSize: longest + maxTokens + 8,
      threads: THREADS,
      ...(adapter === null ? {} : { lora: { adapters: [{ filePath: adapter }] } }),
    });
    try {
      const sequence = context.getSequence();
      const texts: string[] = [];
      for (const prompt of prompts) {
        await sequence.clearHistory();
        const tokens: number[] = [];
        for await (const token of sequence.evaluate([...prompt] as Token[], { temperature: 0 })) {
          if (tokenizer.stopIds.includes(token) || tokens.length >= maxTokens) break;
          tokens.push(token);
          await progress.pause();
        }
        await progress.advance();
        texts.push(tokenizer.decode(tokens, { skipSpecial: true }));
      }
      return texts;
    } finally {
      await context.dispose();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#model.dispose();
    await this.#llama.dispose();
  }
}

/** A plain table by token: at a quarter of a million tokens a Map takes forty times as much. */
function logs(probabilities: ReadonlyMap<number, number>): Float32Array {
  let size = 0;
  for (const token of probabilities.keys()) size = Math.max(size, token + 1);
  const table = new Float32Array(size).fill(NaN);
  for (const [token, probability] of probabilities) table[token] = Math.log(probability);
  return table;
}
