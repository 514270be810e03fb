/** The playground with real processes: llama.cpp on a GGUF file, the engine on a Hugging Face folder. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChatRequest } from '../../../shared/contracts/chat-calls.ts';
import type { CoreEvent } from '../../../shared/contracts/calls.ts';
import { keepingLogger } from '../../../test/support/keeping-logger.ts';
import { testRegistry } from '../../../test/support/registry.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeTinyGguf, writeTinyModel } from '../../../test/support/tiny-model.ts';
import { projectFiles } from '../../platform/project-files.ts';
import { ChatProcess } from '../../workers/chat-process.ts';
import { nodeForkTransport } from '../../workers/node-fork-transport.ts';
import { probeEngine } from '../../workers/probe-engine.ts';
import { Supervisor } from '../../workers/supervisor.ts';
import type { Child } from '../../workers/transport.ts';
import { ComputeJobs } from '../compute-jobs.ts';
import { Shelves } from '../shelves.ts';
import { Chats } from './chats.ts';
import { ChatSides } from './chat-sides.ts';

const folder = temporaryFolder();
const events: CoreEvent[] = [];
const children: Child[] = [];
const listeners = new Set<() => void>();
let chats: Chats;
let isTraining = false;
let gguf: string;
let huggingFace: string;

beforeAll(async () => {
  const { registry, paths } = testRegistry(join(folder, 'home'));
  huggingFace = await writeTinyModel(join(folder, 'tiny'));
  gguf = await writeTinyGguf(join(folder, 'tiny.gguf'), huggingFace, 'f32');
  const transport = nodeForkTransport();
  const supervisor = new Supervisor({ transport, entry: projectFiles.computeEntry, log: keepingLogger([]), logPath: () => '/the.log', cache: paths.cache });
  const report = probeEngine({ transport, entry: projectFiles.probeEntry }, undefined);
  const compute = new ComputeJobs({ supervisor, engine: () => report, power: { isKnown: true, read: () => 'mains' } });
  const start = () =>
    new ChatProcess({
      start: (listener) => {
        const child = transport.start(projectFiles.chatEntry, {}, listener);
        children.push(child);
        return child;
      },
      logPath: () => '/the.log',
      onOutput: () => undefined,
    });
  const publish = (event: CoreEvent): void => {
    events.push(event);
    for (const listener of listeners) listener();
  };
  const sides = new ChatSides({ paths, registry, compute, shelves: new Shelves(paths, null) });
  chats = new Chats({ sides, compute, start, publish, isTraining: () => isTraining });
}, 60_000);
afterAll(() => void chats.close());

const request = (model: string, more: object = {}) =>
  ChatRequest.parse({ side: { model }, messages: [{ role: 'user', content: 'My modem is broken' }], max_tokens: 12, ...more });

/** Resolves with the events of an answer when it is over. */
const wholeOf = (chat: string): Promise<readonly CoreEvent[]> =>
  new Promise((resolve) => {
    const look = (): void => {
      const own = events.filter(({ data }) => 'chat' in data && data.chat === chat);
      if (own.at(-1)?.event !== 'chat.ended' && own.at(-1)?.event !== 'chat.failed') return;
      listeners.delete(look);
      resolve(own);
    };
    listeners.add(look);
    look();
  });
const textOf = (own: readonly CoreEvent[]): string => own.map(({ event, data }) => (event === 'chat.token' ? data.text : '')).join('');

describe('chat.generate', { timeout: 120_000 }, () => {
  it('answers in llama.cpp, with the prompt that it saw', async () => {
    const { chat, prompt, engine, note } = await chats.generate(request('lathe-base', { temperature: 0.7 }));
    expect([prompt.includes('My modem is broken'), prompt === 'My modem is broken', engine, note]).toEqual([true, false, 'llama.cpp', null]);
    const own = await wholeOf(chat);
    expect(own.at(-1)).toMatchObject({ event: 'chat.ended', data: { stop: expect.stringMatching(/^(end|length)$/), prompt_tokens: expect.any(Number) } });
    expect(textOf(own)).not.toBe('');
  });

  it('gives greedily the same text from a GGUF file in llama.cpp and from its folder in the engine', async () => {
    const turns = [
      { role: 'user', content: 'My modem is broken' },
      { role: 'assistant', content: 'check modem' },
      { role: 'user', content: 'And the printer' },
    ];
    const [llama, own] = await Promise.all([gguf, huggingFace].map((model) => chats.generate(request(model, { messages: turns }))));
    expect([llama?.engine, own?.engine]).toEqual(['llama.cpp', 'lathe']);
    expect(own?.prompt).toBe(llama?.prompt);
    const [one, other] = await Promise.all([llama, own].map((answer) => wholeOf(answer?.chat ?? '')));
    expect(textOf(one ?? [])).not.toBe('');
    expect(textOf(other ?? [])).toBe(textOf(one ?? []));
    expect(other?.at(-1)).toMatchObject({ event: 'chat.ended', data: { stop: 'length', tokens: 12 } });
    expect(one?.at(-1)?.data).toMatchObject({ stop: 'length', tokens: 12, prompt_tokens: (other?.at(-1)?.data as { prompt_tokens: number }).prompt_tokens });
  });

  it('takes a prompt as it is', async () => {
    const { prompt, chat } = await chats.generate(request(gguf, { raw: true }));
    expect(prompt).toBe('My modem is broken');
    await wholeOf(chat);
  });

  it.each(['llama.cpp', 'lathe'])('stops where it is told to, in %s', async (engine) => {
    const model = engine === 'lathe' ? huggingFace : gguf;
    const { chat } = await chats.generate(request(model, { max_tokens: 8_192 }));
    chats.stop(chat);
    expect((await wholeOf(chat)).at(-1)).toMatchObject({ event: 'chat.ended', data: { stop: 'cancelled' } });
    expect(chats.stop(chat)).toBeNull();
  });

  it('says beforehand that a run takes the machine', async () => {
    isTraining = true;
    const { chat, note } = await chats.generate(request(gguf));
    isTraining = false;
    expect(note).toContain('run');
    await wholeOf(chat);
  });

  it('refuses what is not there, and what is no model', async () => {
    const nothing = join(folder, 'rows.gguf');
    writeFileSync(nothing, 'GGUF and nothing else');
    mkdirSync(join(folder, 'empty'));
    const code = (model: string) =>
      chats.generate(request(model)).then(
        () => null,
        (error: unknown) => (error as { code?: unknown }).code,
      );
    expect(await code('nobody')).toBe('FILE_MISSING');
    expect(await code('nobody@1.0.0')).toBe('VERSION_UNKNOWN');
    expect(await code(nothing)).toMatch(/^(GGUF|MODEL|FILE|FORMAT)_/);
    expect(await code(join(folder, 'empty'))).toBe('FORMAT_UNKNOWN');
  });

  it('tells of a process that died, and begins anew', async () => {
    const { chat } = await chats.generate(request(gguf, { max_tokens: 8_192, temperature: 1 }));
    children.at(-1)?.kill();
    expect((await wholeOf(chat)).at(-1)).toMatchObject({ event: 'chat.failed', data: { error: { code: 'COMPUTE_PROCESS_DIED' } } });
    const again = await chats.generate(request(gguf));
    expect((await wholeOf(again.chat)).at(-1)?.event).toBe('chat.ended');
  });

  it.skipIf(process.platform !== 'linux')('gives its memory back when it is closed', async () => {
    const { chat } = await chats.generate(request(gguf));
    await wholeOf(chat);
    const pid = children.at(-1)?.pid ?? 0;
    expect(existsSync(`/proc/${pid}/fd`)).toBe(true);
    chats.close();
    await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
  });
});
