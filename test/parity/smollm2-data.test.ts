/** Rendered chat, token ids, masks and batches of the real model against those of the reference run. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeChatTemplate } from '../../compute/data/chat-template.ts';
import { chooseTemplate, type DatasetOptions } from '../../compute/data/dataset-options.ts';
import { layoutRows } from '../../compute/data/layout-rows.ts';
import { createLoader } from '../../compute/data/loader.ts';
import { openTokenCache } from '../../compute/data/token-cache.ts';
import { notGraded, type LoaderPosition } from '../../compute/data/types.ts';
import { readGguf } from '../../compute/formats/gguf/gguf-reader.ts';
import { readGgufTokenizer } from '../../compute/formats/gguf/gguf-tokenizer.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../compute/formats/tokenizer/tokenizer.ts';
import { gemma3, referenceRows, smollm2, type RealModel } from '../support/real-models.ts';
import { TemporaryFolder } from '../support/small-tokenizer.ts';
import { findShared, withoutShared } from '../support/smollm2.ts';

interface Message {
  role: string;
  content: string;
}

interface Expected {
  chat_template?: string;
  chat: Record<string, { messages: Message[]; add_generation_prompt: boolean; text: string; ids: number[] }>;
  training: {
    rows: number;
    max_len: number;
    steps: { shape: [number, number]; label_tokens: number; tokens: number }[];
    batch0: { input_ids: number[][]; labels: number[][] };
  };
}

interface Model {
  tokenizer: Tokenizer;
  chatTemplate: string | null;
}

const batch = 4;

const opened = new Map<string, Model>();

function openModel(path: string): Model {
  const known = opened.get(path);
  if (known !== undefined) return known;
  const { metadata } = readGguf(path);
  const model = { tokenizer: loadTokenizer(readGgufTokenizer(metadata), path), chatTemplate: metadata.optionalString('tokenizer.chat_template') };
  opened.set(path, model);
  return model;
}

/** The first rows of the training file as the reference used them. */
function writeRows(folder: TemporaryFolder, source: string, rows: number, real: RealModel): string {
  return folder.write('rows.jsonl', `${referenceRows(readFileSync(source, 'utf8').split('\n').slice(0, rows), real).join('\n')}\n`);
}

/** Labels of padded rows as transformers has them, not yet shifted: `labels[t]` belongs to token t. */
const unshift = (labels: Int32Array): number[] => [notGraded, ...labels.subarray(0, -1)];

describe.each([smollm2, gemma3])('$name', (real) => {
  const { path, expectedPath, missing } = real;
  it('renders and tokenises chats as the reference does', ({ skip }) => {
    if (path === null || expectedPath === null) return skip(missing ?? '');
    const { tokenizer, chatTemplate } = openModel(path);
    const { chat = {} } = JSON.parse(readFileSync(expectedPath, 'utf8')) as Partial<Expected>;
    expect(Object.keys(chat)).toHaveLength(chatTemplate === null ? 0 : 3);
    if (chatTemplate === null) return;
    const options: DatasetOptions = { path, tokenizer, modelTemplate: chatTemplate, maxSeqLength: 256 };
    expect(chooseTemplate(options).kind).toBe('model');
    for (const { messages, add_generation_prompt, text, ids } of Object.values(chat)) {
      const rendered = makeChatTemplate(chatTemplate).render(messages, { addGenerationPrompt: add_generation_prompt });
      expect(rendered).toBe(text);
      expect(tokenizer.encode(rendered)).toEqual(ids);
    }
  });

  it('makes the batches of the reference run', async ({ skip }) => {
    const data = findShared('data', 'train', 'arc_easy_train.jsonl');
    if (path === null || expectedPath === null || data === null) return skip(missing ?? withoutShared);
    const { tokenizer, chatTemplate } = openModel(path);
    const { training } = JSON.parse(readFileSync(expectedPath, 'utf8')) as Expected;
    using folder = new TemporaryFolder();
    const rows = writeRows(folder, data, training.rows, real);
    const { cache } = await openTokenCache({ path: rows, tokenizer, modelTemplate: chatTemplate, maxSeqLength: training.max_len, cacheDirectory: folder.path });
    using _ = cache;
    const loader = createLoader({ cache, batchSize: batch, accumulation: 1, seed: 0, shuffle: false });
    let position: LoaderPosition = { epoch: 0, row: 0 };
    for (const [step, { shape, label_tokens, tokens }] of training.steps.entries()) {
      const { rows: some, gradedTokens, next } = loader.read(position);
      const padded = layoutRows(some, { packing: false, padId: tokenizer.padId ?? 0 });
      expect([[padded.length, padded[0]?.tokens.length], gradedTokens, some.reduce((sum, row) => sum + row.tokens.length, 0)]).toEqual([
        shape,
        label_tokens,
        tokens,
      ]);
      if (step === 0) {
        expect(padded.map((each) => [...each.tokens])).toEqual(training.batch0.input_ids);
        expect(padded.map((each) => unshift(each.labels))).toEqual(training.batch0.labels);
      }
      position = next;
    }
    expect(position).toEqual({ epoch: 1, row: 0 });
  });
});
