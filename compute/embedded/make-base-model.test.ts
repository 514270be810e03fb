import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { inspectModel } from '../formats/inspect.ts';
import { openModel } from '../formats/open-model.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import { loadTokenizer } from '../formats/tokenizer/load-tokenizer.ts';
import { baseVocabularySize } from './base-model/vocabulary.ts';
import { statedHash } from './base-model/model-card.ts';
import { baseModelFile, makeBaseModel } from './make-base-model.ts';
import { priorities, queues, sentiments } from './support-routing/labels.ts';
import { products } from './support-routing/phrases.ts';
import { chatTemplate } from './tokenizer/chat-format.ts';

const temporary: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'lathe-base-'));
  temporary.push(made);
  return made;
};
afterAll(() => {
  for (const path of temporary) rmSync(path, { recursive: true });
});

/** Makes a model in three steps and says what was said. */
async function makeSmall(out: string, work: string): Promise<string[]> {
  const said: string[] = [];
  await makeBaseModel({ out, work, steps: 3, say: (line) => said.push(line) });
  return said;
}

async function expectSound(out: string): Promise<void> {
  const path = join(out, baseModelFile);
  expect(statedHash(readFileSync(join(out, 'README.md'), 'utf8'), baseModelFile)).toBe(await sha256OfFile(path));
  expect(statSync(path).size).toBeLessThan(10_000_000);
  const source = openModel(path);
  expect(await inspectModel(source)).toMatchObject({ name: 'lathe-base', architecture: 'llama', licence: 'cc0-1.0', vocabularySize: baseVocabularySize });
  expect(source.chatTemplate).toBe(chatTemplate);
  const tokenizer = loadTokenizer(source.tokenizer, path);
  for (const label of [...queues, ...priorities, ...products, ...sentiments]) expect([label, tokenizer.encode(label).length]).toEqual([label, 1]);
}

describe('the base model', () => {
  it('that comes with Lathe is what its page says, small, with tokenizer and template', async () => {
    await expectSound(join(import.meta.dirname, '..', '..', 'resources', 'models'));
  });

  it('comes out sound, and with the same bytes from the same seeds, also where a run is gone on with', { timeout: 120_000 }, async () => {
    const [out, work, again, elsewhere] = [folder(), folder(), folder(), folder()];
    const said = await makeSmall(out, work);
    expect(said.some((line) => line.startsWith('step 3: loss on rows held out'))).toBe(true);
    await expectSound(out);
    await makeSmall(again, work);
    await makeSmall(elsewhere, folder());
    const hashes = await Promise.all([out, again, elsewhere].map((each) => sha256OfFile(join(each, baseModelFile))));
    expect(new Set(hashes).size).toBe(1);
  });
});
