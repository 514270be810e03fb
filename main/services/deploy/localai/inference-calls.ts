/** Calls that a model answers: a chat, as a stream, and the probabilities of continuations. */
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AskedChat, ChatOutcome } from '../target-driver.ts';
import { ChatPiece, Scores } from './answers.ts';
import { failureOf, inWords, isSuccess, jsonOf, read, reasonOf } from './failures.ts';
import type { RemoteServer } from './remote-server.ts';

type Stop = AbortSignal;
/** A model that is not loaded is loaded first, and requests wait for each other. */
const silenceMs = 5 * 60_000;
const chatCall = { method: 'POST', path: '/v1/chat/completions' } as const;
const scoreCall = { method: 'POST', path: '/api/score' } as const;

/** Headers of success are sent before the model is asked, so that failures come inside the stream. */
export async function chat(remote: RemoteServer, { model, messages, maxTokens, temperature, stop = [] }: AskedChat, signal: Stop): Promise<ChatOutcome> {
  const started = performance.now();
  const ends = stop.length === 0 ? {} : { stop };
  const json = { model, messages, max_tokens: maxTokens, temperature, seed: 1, stream: true, stream_options: { include_usage: true }, ...ends };
  const lines = await remote.stream({ ...chatCall, json, signal, answerMs: silenceMs });
  if ('status' in lines) throw failureOf(remote.name, chatCall, lines);
  const heard = new HeardChat(remote.name);
  for await (const line of lines) {
    if (heard.take(line, performance.now() - started)) break;
  }
  return heard.outcome(performance.now() - started);
}

class HeardChat {
  readonly #server: string;
  #text = '';
  #firstMs: number | null = null;
  #finish: string | null = null;
  #usage: { readonly prompt_tokens: number; readonly completion_tokens: number } | null = null;
  #isWhole = false;

  constructor(server: string) {
    this.#server = server;
  }

  /** Whether this was the last line. */
  take(line: string, ms: number): boolean {
    if (!line.startsWith('data:')) return false;
    const data = line.slice('data:'.length).trim();
    if (data === '[DONE]') return (this.#isWhole = true);
    const parsed = ChatPiece.safeParse(jsonOf(data));
    if (!parsed.success)
      throw new AppError('REMOTE_ANSWER_INVALID', {
        server: this.#server,
        call: 'POST /v1/chat/completions',
        problem: 'a piece of its stream is none of a chat',
      });
    if ('error' in parsed.data) throw this.#failed(inWords(parsed.data.error.message));
    this.#usage = parsed.data.usage ?? this.#usage;
    for (const { delta, finish_reason: finish } of parsed.data.choices ?? []) {
      // Pieces without text come before the first token and after the last.
      if (delta?.content != null && delta.content !== '') {
        this.#firstMs ??= ms;
        this.#text += delta.content;
      }
      this.#finish = finish != null && finish !== '' ? finish : this.#finish;
    }
    return false;
  }

  outcome(totalMs: number): ChatOutcome {
    if (!this.#isWhole) throw this.#failed('the answer stopped in the middle');
    const finish = this.#finish === 'stop' || this.#finish === 'length' ? this.#finish : 'other';
    const [promptTokens, tokens] = [this.#usage?.prompt_tokens ?? null, this.#usage?.completion_tokens ?? null];
    return { text: this.#text, finish, firstMs: this.#firstMs, totalMs, promptTokens, tokens };
  }

  #failed(problem: string): AppError {
    return new AppError('REMOTE_FAILED', { server: this.#server, call: 'POST /v1/chat/completions', problem });
  }
}

export interface AskedScore {
  /** Its own name: aliases are not resolved here. */
  readonly model: string;
  readonly prompt: string;
  readonly candidates: readonly string[];
}

/** null: this server, or this model there, cannot score. */
export async function score(remote: RemoteServer, asked: AskedScore, signal: Stop): Promise<readonly number[] | null> {
  const call = { ...scoreCall, json: asked, signal, answerMs: silenceMs, again: true } as const;
  const answer = await remote.send(call);
  if (answer.status === 404 || answer.status === 405) return null;
  if (!isSuccess(answer) && /FailedPrecondition|known_usecases|Unimplemented|not support/i.test(reasonOf(answer) ?? '')) return null;
  const { candidates } = read(remote.name, scoreCall, { answer, schema: Scores });
  if (candidates.length === asked.candidates.length) return candidates.map(({ log_prob: value }) => value);
  throw new AppError('REMOTE_ANSWER_INVALID', { server: remote.name, call: 'POST /api/score', problem: 'it scored another number of candidates' });
}
