/** A small byte-level tokenizer with one control token, `<|im_end|>` (its EOS), and files in a folder of their own: what data tests need. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTokenizer } from '../../compute/formats/tokenizer/load-tokenizer.ts';
import type { Tokenizer } from '../../compute/formats/tokenizer/tokenizer.ts';

const fixture = JSON.parse(readFileSync(new URL('../fixtures/tokenizer/byte-level.json', import.meta.url), 'utf8')) as { tokens: string[]; merges: string[] };
const end = fixture.tokens.indexOf('<|im_end|>');

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
