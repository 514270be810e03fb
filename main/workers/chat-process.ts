/** The process in which llama.cpp answers: started, spoken to, and what its end means for the answers that are open. */
import { chatProtocol, FromChat, type ChatJob, type ToChat } from '../../shared/contracts/chat-messages.ts';
import type { ChatEnd } from '../../shared/contracts/chat-calls.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { fromWireError } from '../../shared/errors/wire-error.ts';
import { describeExit } from './describe-exit.ts';
import type { Child, ChildExit, ChildListener } from './transport.ts';

export interface ChatListener {
  onPrompt(prompt: string): void;
  onText(text: string): void;
  /** One of these two, once. */
  onEnd(end: ChatEnd): void;
  onFailed(error: AppError): void;
}

export interface ChatProcessParts {
  readonly start: (listener: ChildListener) => Child;
  readonly logPath: () => string;
  /** A line that it wrote by itself. */
  readonly onOutput: (line: string) => void;
}

export class ChatProcess {
  readonly #parts: ChatProcessParts;
  readonly #child: Child;
  readonly #open = new Map<string, ChatListener>();
  /** Until it is ready. */
  #waiting: ToChat[] | null = [];
  #isGone = false;

  constructor(parts: ChatProcessParts) {
    this.#parts = parts;
    this.#child = parts.start({ onMessage: (raw) => this.#hear(raw), onOutput: parts.onOutput, onExit: (exit) => this.#end(exit) });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  generate(job: ChatJob, listener: ChatListener): void {
    this.#open.set(job.chat, listener);
    this.#send({ type: 'generate', job });
  }

  /** Of an answer that has ended nothing happens. */
  stop(chat: string): void {
    if (this.#open.has(chat)) this.#send({ type: 'stop', chat });
  }

  /** At once: there is nothing to bring to a safe place. */
  close(): void {
    this.#isGone = true;
    this.#failAll(new AppError('CANCELLED', { where: 'before the end', resume: 'chat.generate' }));
    this.#child.kill();
  }

  #send(message: ToChat): void {
    if (this.#waiting === null) this.#child.send(message);
    else this.#waiting.push(message);
  }

  #hear(raw: unknown): void {
    const parsed = FromChat.safeParse(raw);
    const problem = parsed.success ? problemOf(parsed.data) : (parsed.error.issues[0]?.message ?? '');
    if (!parsed.success || problem !== null) return this.#break(problem ?? '');
    const message = parsed.data;
    if (message.type === 'ready') return this.#begin();
    const listener = this.#open.get(message.chat);
    if (message.type === 'prompt') return listener?.onPrompt(message.prompt);
    if (message.type === 'text') return listener?.onText(message.text);
    this.#open.delete(message.chat);
    if (message.type === 'ended') listener?.onEnd(message.end);
    else listener?.onFailed(fromWireError(message.error));
  }

  #begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const message of waiting) this.#child.send(message);
  }

  #break(problem: string): void {
    this.#isGone = true;
    this.#failAll(new AppError('PROTOCOL_MISMATCH', { problem, log: this.#parts.logPath() }));
    this.#child.kill();
  }

  #end(exit: ChildExit): void {
    this.#isGone = true;
    this.#failAll(
      new AppError('COMPUTE_PROCESS_DIED', { reason: describeExit(exit), log: this.#parts.logPath(), remedy: 'Try again; a smaller model needs less memory.' }),
    );
  }

  #failAll(error: AppError): void {
    const listeners = [...this.#open.values()];
    this.#open.clear();
    for (const listener of listeners) listener.onFailed(error);
  }
}

const problemOf = (message: FromChat): string | null =>
  message.type === 'ready' && message.protocol !== chatProtocol ? `it speaks version ${message.protocol}, this is version ${chatProtocol}` : null;
