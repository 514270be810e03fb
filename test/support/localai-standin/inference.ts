/** What the stand-in's models answer: words and numbers made from base, adapter and question, so that another adapter answers otherwise. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { asRefusal, type Backend, type Loaded } from './backend.ts';
import type { Behaviour } from './faults.ts';
import { refused, refusedPlainly, Refused, sendJson } from './http.ts';
import { baseOf, type Models } from './models.ts';
import type { Said, Voice, Weights } from './voice.ts';

export interface ChatBody {
  readonly model?: string;
  readonly messages?: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly stream?: boolean;
  readonly max_tokens?: number;
}

export interface ScoreBody {
  readonly model?: string;
  readonly prompt?: string;
  readonly candidates?: readonly string[];
}

export interface InferenceParts {
  readonly models: Models;
  readonly backend: Backend;
  readonly behaviour: Behaviour;
  /** null: words and numbers that are made up. */
  readonly voice: Voice | null;
}

const digest = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

export class Inference {
  readonly #parts: InferenceParts;
  readonly served: { readonly at: number; readonly asked: string; readonly model: string }[] = [];
  #chats = 0;

  constructor(parts: InferenceParts) {
    this.#parts = parts;
  }

  async chat(body: ChatBody, response: ServerResponse): Promise<void> {
    const asked = body.model ?? '';
    const model = this.#resolve(asked);
    if (body.stream !== true) {
      const said = await this.#answer(model, body).catch((error: unknown) => {
        throw asRefusal(error);
      });
      const { text, whole } = said;
      const choices = [{ index: 0, finish_reason: whole ? 'stop' : 'length', message: { role: 'assistant', content: text } }];
      sendJson(response, 200, { object: 'chat.completion', model: asked, choices, usage: usageOf(said) });
      return;
    }
    // Success is said before the model is asked.
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const piece = (data: unknown): boolean => response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
    const delta = (content: unknown, finish = ''): boolean =>
      piece({ object: 'chat.completion.chunk', model: asked, choices: [{ index: 0, finish_reason: finish === '' ? null : finish, delta: content }] });
    try {
      delta({ role: 'assistant', content: null });
      const said = await this.#answer(model, body);
      const { text, whole } = said;
      delta({ content: null });
      for (const word of text.match(/\S+\s*/g) ?? []) delta({ content: word });
      delta({ content: null });
      delta({}, whole ? 'stop' : 'length');
      piece({ object: 'chat.completion.chunk', choices: [], usage: usageOf(said) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      piece({ error: { code: 'server_error', message, type: 'server_error' } });
    }
    piece('[DONE]');
    response.end();
  }

  async score({ model = '', prompt = '', candidates = [] }: ScoreBody): Promise<unknown> {
    const { models, backend, behaviour } = this.#parts;
    if (candidates.length === 0) throw refused(400, 'candidates are required');
    const loaded = await backend.load(model).catch((error: unknown) => {
      throw refused(500, error instanceof Error ? error.message : String(error));
    });
    const usecases = (models.get(model)?.['known_usecases'] as string[] | undefined) ?? [];
    if (!behaviour.canScore || !usecases.some((one) => /score/i.test(one)))
      throw refused(500, 'rpc error: code = FailedPrecondition desc = scoring needs known_usecases: [score]');
    const [voice, weights] = [this.#parts.voice, this.#weights(model, loaded)];
    const madeUp = (candidate: string): number => -0.01 - (Number.parseInt(digest(`${named(weights)} ${prompt} ${candidate}`).slice(0, 8), 16) / 2 ** 32) * 10;
    const of = (candidate: string): number =>
      behaviour.scoreOf?.({ model, prompt, candidate }) ?? voice?.score(weights, { prompt, candidate }) ?? madeUp(candidate);
    return { model, candidates: candidates.map((candidate) => ({ log_prob: of(candidate), num_tokens: Math.max(1, candidate.trim().split(/\s+/).length) })) };
  }

  /** An alias leads on; where it leads to nothing, that is said with the alias' name. */
  #resolve(asked: string): string {
    const { models } = this.#parts;
    const config = models.get(asked);
    // A name that is part of another one is not unknown: it is tried.
    if (config === undefined) {
      if (models.names.some((name) => new RegExp(asked).test(name))) return asked;
      throw refused(404, `model "${asked}" not found. To see available models, call /v1/models`, 'invalid_request_error');
    }
    const target = typeof config['alias'] === 'string' ? config['alias'] : null;
    const found = target === null ? config : models.get(target);
    if (found === undefined) throw refusedPlainly(400, `alias "${asked}" points to unknown model "${target ?? ''}"`);
    if (found['disabled'] === true) throw new Refused(403, { error: { code: 403, message: `model "${asked}" is disabled`, type: 'model_disabled' } });
    return target ?? asked;
  }

  async #answer(model: string, { model: asked = '', messages = [], max_tokens: maxTokens = 0 }: ChatBody): Promise<Said> {
    const { backend, behaviour } = this.#parts;
    const loaded = await backend.load(model);
    const isSpoiled = model.startsWith(behaviour.spoiled);
    loaded.busy++;
    try {
      await pause(isSpoiled ? behaviour.answerMs : 0);
      if (isSpoiled && this.#isTurnToFail()) throw new Error('rpc error: code = Unavailable desc = error reading from server: EOF');
      const prompt = messages.at(-1)?.content ?? '';
      const own = await this.#own(this.#weights(model, loaded), { messages, prompt, maxTokens });
      this.served.push({ at: Date.now(), asked, model });
      const other = isSpoiled ? (behaviour.says ?? behaviour.answer?.({ model, config: loaded.config, prompt, own: own.text })) : undefined;
      return other === undefined ? own : { ...cut(other, maxTokens), promptTokens: own.promptTokens };
    } finally {
      loaded.busy--;
    }
  }

  #isTurnToFail(): boolean {
    const { failingShare } = this.#parts.behaviour;
    this.#chats++;
    return Math.floor(this.#chats * failingShare) > Math.floor((this.#chats - 1) * failingShare);
  }

  async #own(weights: Weights, { messages, prompt, maxTokens }: Required<Pick<ChatBody, 'messages'>> & { prompt: string; maxTokens: number }): Promise<Said> {
    const { voice } = this.#parts;
    if (voice !== null) return voice.chat(weights, { messages, maxTokens });
    return { ...cut(`${named(weights)} answers: ${prompt}`, maxTokens), promptTokens: wordsIn(prompt) };
  }

  #weights(model: string, { config, adapter }: Loaded): Weights {
    const { models, behaviour } = this.#parts;
    const isIgnored = behaviour.adapterIgnored && model.startsWith(behaviour.spoiled);
    return { base: join(models.folder, baseOf(config)), adapter: isIgnored ? null : adapter };
  }
}

/** A word counts as a token. */
const wordsIn = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

function cut(text: string, maxTokens: number): Omit<Said, 'promptTokens'> {
  const words = text.match(/\S+\s*/g) ?? [];
  const limit = maxTokens > 0 ? maxTokens : Infinity;
  return { text: words.slice(0, limit).join('').trimEnd(), tokens: Math.min(words.length, limit), whole: words.length <= limit };
}

const named = ({ base, adapter }: Weights): string => (adapter === null ? basename(base) : `${basename(base)}+${digest(readFileSync(adapter)).slice(0, 8)}`);

const usageOf = ({ promptTokens, tokens }: Said): { prompt_tokens: number; completion_tokens: number; total_tokens: number } => ({
  prompt_tokens: promptTokens,
  completion_tokens: tokens,
  total_tokens: promptTokens + tokens,
});
