/**
 * From a sample to tokens and to which of them are learnt. A conversation is graded on the assistant's part: what its rendering adds to the
 * prompt for it, end-of-turn token included. Graded and ungraded parts are tokenised apart and joined, as at generation.
 */
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { isAppError } from '../../shared/errors/app-error.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Message, RenderedRow, Sample, TrainOn } from './types.ts';

/** A stretch of text, and whether it is learnt. */
export interface Span {
  readonly text: string;
  readonly graded: boolean;
}

export interface Renderer {
  readonly tokenizer: Tokenizer;
  readonly chat: ChatTemplate;
  /** Whether prompt/completion rows go through the chat template; else they are joined as they are. */
  readonly completionsAsChat: boolean;
  readonly trainOn: TrainOn;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a turn's rendering adds to the prompt that asks for it; null where the template tells the earlier turns otherwise then. */
function rangeByPrefix(messages: readonly Message[], index: number, full: string, chat: ChatTemplate): Range | null {
  try {
    const before = chat.render(messages.slice(0, index), { addGenerationPrompt: true });
    const through = index === messages.length - 1 ? full : chat.render(messages.slice(0, index + 1));
    return full.startsWith(through) && through.startsWith(before) ? { start: before.length, end: through.length } : null;
  } catch (error) {
    // Some templates refuse the beginning of a conversation, such as none of it.
    if (isAppError(error, 'CHAT_TEMPLATE_INVALID')) return null;
    throw error;
  }
}

/** Where the turn's own words stand, with the end-of-turn token behind them. Reasoning that a template leaves out of history is left out. */
function rangeByContent(content: string, full: string, from: number, stops: readonly string[]): Range | null {
  const words = (content.split('</think>').at(-1) ?? content).trim();
  const start = words === '' ? -1 : full.indexOf(words, from);
  if (start < 0) return null;
  const end = start + words.length;
  const rest = full.slice(end);
  const blanks = rest.length - rest.trimStart().length;
  const stop = stops.find((text) => text !== '' && rest.startsWith(text, blanks));
  return { start, end: stop === undefined ? end : end + blanks + stop.length };
}

/** The conversation's text in spans. `lost` names graded messages that the template does not show. */
export function chatSpans(messages: readonly Message[], { chat, tokenizer }: Pick<Renderer, 'chat' | 'tokenizer'>): { spans: Span[]; lost: number[] } {
  const full = chat.render(messages);
  const stops = tokenizer.stopIds.map((id) => Buffer.from(tokenizer.tokenBytes(id)).toString('utf8'));
  const spans: Span[] = [];
  const lost: number[] = [];
  let done = 0;
  for (const [index, message] of messages.entries()) {
    if (!message.graded) continue;
    const byPrefix = rangeByPrefix(messages, index, full, chat);
    const range = byPrefix !== null && byPrefix.start >= done ? byPrefix : rangeByContent(message.content, full, done, stops);
    if (range === null) {
      lost.push(index + 1);
      continue;
    }
    spans.push({ text: full.slice(done, range.start), graded: false }, { text: full.slice(range.start, range.end), graded: true });
    done = range.end;
  }
  spans.push({ text: full.slice(done), graded: false });
  return { spans: spans.filter((span) => span.text !== ''), lost };
}

interface Ends {
  readonly bos: boolean;
  readonly eos: boolean;
}

function tokenise(spans: readonly Span[], { bos, eos }: Ends, { tokenizer, trainOn }: Renderer): RenderedRow {
  const tokens: number[] = [];
  const graded: number[] = [];
  const add = (ids: readonly number[], isGraded: boolean): void => {
    for (const id of ids) {
      tokens.push(id);
      graded.push(isGraded || trainOn === 'all' ? 1 : 0);
    }
  };
  for (const span of spans) {
    const { text, continues } = goingOn(span.text, tokens.at(-1), tokenizer);
    add(tokenizer.encode(text, { continues }), span.graded);
  }
  if (bos && tokenizer.bosId !== null && tokens[0] !== tokenizer.bosId) {
    tokens.unshift(tokenizer.bosId);
    graded.unshift(0);
  }
  if (eos && tokenizer.eosId !== null && tokens.at(-1) !== tokenizer.eosId) add([tokenizer.eosId], spans.at(-1)?.graded ?? false);
  // Nothing comes before the first token, so nothing can predict it.
  graded[0] = 0;
  return { tokens: Int32Array.from(tokens), graded: Uint8Array.from(graded.slice(0, tokens.length)) };
}

/** How a text reads behind the token before it: a control token begins anew, and some (Phi-3's) swallow the white space after them. */
function goingOn(text: string, last: number | undefined, tokenizer: Renderer['tokenizer']): { readonly text: string; readonly continues: boolean } {
  if (last === undefined || !tokenizer.isSpecial(last)) return { text, continues: last !== undefined };
  const spelling = Buffer.from(tokenizer.tokenBytes(last)).toString('utf8');
  const swallows = tokenizer.encode(`${spelling}\n`).length === 1;
  return { text: swallows ? text.trimStart() : text, continues: false };
}

const asMessages = (system: string, prompt: string, completion: string): Message[] => [
  ...(system.trim() === '' ? [] : [{ role: 'system', content: system, graded: false } as const]),
  { role: 'user', content: prompt, graded: false },
  { role: 'assistant', content: completion, graded: true },
];

export interface Rendered {
  readonly row: RenderedRow;
  /** What the report should say of this row. */
  readonly notes: readonly string[];
}

/** The row as it will be trained on, before any cut to length. */
export function renderSample(sample: Sample, renderer: Renderer): Rendered {
  const raw: Ends = { bos: renderer.tokenizer.addBos, eos: true };
  if (sample.kind === 'text') return { row: tokenise([{ text: sample.text, graded: true }], raw, renderer), notes: [] };
  if (sample.kind === 'completion' && !renderer.completionsAsChat) {
    const prompt = sample.system.trim() === '' ? sample.prompt : `${sample.system}\n\n${sample.prompt}`;
    const spans = [...(prompt === '' ? [] : [{ text: prompt, graded: false }]), { text: sample.completion, graded: true }];
    return { row: tokenise(spans, raw, renderer), notes: [] };
  }
  const messages = sample.kind === 'messages' ? sample.messages : asMessages(sample.system, sample.prompt, sample.completion);
  const { spans, lost } = chatSpans(messages, renderer);
  const notes = lost.map((number) => `the chat template does not show message ${number}, so it is not graded`);
  return { row: tokenise(spans, { bos: false, eos: false }, renderer), notes };
}

/** The texts a row brings itself, without what the template adds. */
export function contentsOf(sample: Sample): readonly string[] {
  if (sample.kind === 'text') return [sample.text];
  if (sample.kind === 'completion') return [sample.system, sample.prompt, sample.completion];
  return sample.messages.map((message) => message.content);
}
