import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts';
import type { LocalAnswers } from './local-answers.ts';
import { rememberedAnswers } from './remembered-answers.ts';

const signal = new AbortController().signal;
const asked = { prompts: ['Who?'], maxTokens: 8 };

function counted() {
  const folder = temporaryFolder();
  const [base, adapter] = [join(folder, 'base.gguf'), join(folder, 'adapter')];
  writeFileSync(base, 'base');
  mkdirSync(adapter);
  writeFileSync(join(adapter, 'adapter_model.safetensors'), 'weights');
  let count = 0;
  const engine: LocalAnswers = {
    chats: () => {
      count += 1;
      const said = [{ text: `answer ${count}`, finish: 'stop' as const, promptTokens: 3 }];
      return count === 2 ? Promise.reject(new Error('ended')) : Promise.resolve({ base: said, adapted: said });
    },
  };
  const answers = rememberedAnswers(engine);
  const say = async (more: Partial<typeof asked> = {}) => (await answers.chats({ base, adapter }, { ...asked, ...more }, signal)).adapted[0]?.text;
  return { base, adapter, say };
}

it('asks once for the same files and questions', async () => {
  const { say } = counted();
  expect([await say(), await say()]).toEqual(['answer 1', 'answer 1']);
});

it('asks anew for other questions, and where it got no answer', async () => {
  const { say } = counted();
  await say();
  await expect(say({ maxTokens: 9 })).rejects.toThrow('ended');
  expect([await say({ maxTokens: 9 }), await say()]).toEqual(['answer 3', 'answer 1']);
});

it.each(['base', 'adapter'] as const)('asks anew where the %s was written since', async (which) => {
  const made = counted();
  await made.say();
  const file = which === 'base' ? made.base : join(made.adapter, 'adapter_model.safetensors');
  utimesSync(file, 1, 1);
  await expect(made.say()).rejects.toThrow('ended');
});
