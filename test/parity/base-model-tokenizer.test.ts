/** The embedded model's vocabulary in llama.cpp: it must cut every text into the tokens that the engine trained on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getLlama, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderChat, type ChatMessage } from '../../compute/embedded/tokenizer/chat-format.ts';
import { openModel } from '../../compute/formats/open-model.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';

const resources = join(import.meta.dirname, '..', '..', 'resources');
const modelPath = join(resources, 'models', 'lathe-base.gguf');
let model: LlamaModel;
beforeAll(async () => {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error, progressLogs: false });
  model = await llama.loadModel({ modelPath, gpuLayers: 0, vocabOnly: true });
});
afterAll(() => model.dispose());

it('is cut alike by llama.cpp and by the engine', () => {
  const tokenizer = loadTokenizer(openModel(modelPath).tokenizer, modelPath);
  const rows = readFileSync(join(resources, 'datasets', 'support-routing', 'test.jsonl'), 'utf8')
    .split('\n')
    .filter(Boolean);
  const chats = rows.map((row) => renderChat((JSON.parse(row) as { messages: ChatMessage[] }).messages));
  const odd = [
    '',
    ' ',
    '  two  spaces \t tab\n\n\nlines ',
    'Grüße, 你好 🦙 ½ 12345',
    "we'll don't I'm HE'S",
    '{"a":[1,-2.5e3],"b":null}',
    '<|im_start|>user\nhi<|im_end|>\n',
  ];
  for (const text of [...odd, ...chats]) expect([text, [...model.tokenize(text, true)]]).toEqual([text, tokenizer.encode(text)]);
});
