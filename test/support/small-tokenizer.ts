/** A small byte-level tokenizer with one control token, `<|im_end|>` (its EOS), and files in a folder of their own: what data tests need. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenizerJson } from '../../compute/embedded/tokenizer/tokenizer-files.ts';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../compute/formats/tokenizer/tokenizer.ts';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/tokenizer/byte-level.json', import.meta.url), 'utf8')) as { tokens: string[]; merges: string[] };
const endText = '<|im_end|>';
const end = fixture.tokens.indexOf(endText);

export const smallTokenizer: Tokenizer = loadTokenizer({
  kind: 'gguf',
  model: 'gpt2',
  pre: 'smollm',
  tokens: fixture.tokens,
  scores: null,
  tokenTypes: Int32Array.from(fixture.tokens, (_, id) => (id === end ? 3 : 1)),
  merges: fixture.merges,
  bosId: null,
  eosId: end,
  unkId: null,
  padId: end,
  eotId: null,
  addBos: null,
  addEos: null,
  addSpacePrefix: null,
});

/** ChatML without its opening token, which the small vocabulary lacks. */
export const smallTemplate =
  "{% for message in messages %}{{ '[' + message['role'] + ']\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '[assistant]\\n' }}{% endif %}";

/** Writes the tokenizer's files as Hugging Face folders have them; returns what config.json says of its ends. */
export function writeSmallTokenizer(folder: string): { readonly eos_token_id: number; readonly pad_token_id: number } {
  const { tokens } = fixture;
  const merges = fixture.merges.map((pair) => pair.split(' ') as [string, string]);
  const addedEnd = { id: end, content: endText, special: true, normalized: false, lstrip: false, rstrip: false, single_word: false };
  const files = {
    'tokenizer.json': { ...tokenizerJson({ tokens, merges, specialTokens: [] }), added_tokens: [addedEnd] },
    'tokenizer_config.json': {
      tokenizer_class: 'GPT2Tokenizer',
      eos_token: endText,
      pad_token: endText,
      model_max_length: 2048,
      chat_template: smallTemplate,
    },
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
  return { eos_token_id: end, pad_token_id: end };
}

export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'lathe-data-'));

  /** Writes a file and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
