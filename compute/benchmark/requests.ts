/** From texts to tokens as the reference harness cuts them: which tokens are read, and which of them are asked for. */
import type { Tokenizer } from '../formats/tokenizer/tokenizer.ts';
import { rightTrimmed } from './python-text.ts';

/** Tokens in a row, of which those from `graded` on are asked for. */
export interface ScoreRequest {
  readonly tokens: readonly number[];
  /** At least 1: something has to come before. */
  readonly graded: number;
  /** Tokens left out at the front, for want of room. */
  readonly cut: number;
}

export interface RequestContext {
  readonly tokenizer: Tokenizer;
  /** Most tokens that the model reads at once. */
  readonly context: number;
}

/** Why a continuation cannot be asked for. */
export interface Unaskable {
  readonly problem: string;
}

/** BOS where the model's own rules put it, unless the text begins with it, as one out of a chat template may. The harness never adds EOS. */
function encode({ tokenizer }: RequestContext, text: string): number[] {
  const { bosId } = tokenizer;
  const tokens = tokenizer.encode(text);
  return tokenizer.addBos && bosId !== null && tokens[0] !== bosId ? [bosId, ...tokens] : tokens;
}

/** What stands for nothing: the harness's prefix token. */
const prefixToken = ({ bosId, eosId }: Tokenizer): number => bosId ?? eosId ?? 0;

/**
 * A continuation behind its prompt. Both are encoded together and cut where the prompt alone would end; blanks at the prompt's end go to the
 * continuation, since most vocabularies have them in front of a word.
 */
export function continuationRequest(context: RequestContext, prompt: string, continuation: string): ScoreRequest | Unaskable {
  const whole = encode(context, prompt + continuation);
  const before = encode(context, rightTrimmed(prompt)).length;
  if (before === 0) return clipped(context, startingWith(prefixToken(context.tokenizer), whole), 1);
  return clipped(context, whole, before);
}

const startingWith = (token: number, tokens: readonly number[]): readonly number[] => (tokens[0] === token ? tokens : [token, ...tokens]);

/** The model reads all but the last token: one more than its context may be there. */
function clipped({ context }: RequestContext, tokens: readonly number[], graded: number): ScoreRequest | Unaskable {
  if (tokens.length <= graded) return { problem: 'has no token of its own behind the prompt' };
  const cut = Math.max(0, tokens.length - (context + 1));
  if (graded - cut < 1) return { problem: `alone is ${tokens.length - graded} tokens long, and the model reads ${context} at once` };
  return { tokens: tokens.slice(cut), graded: graded - cut, cut };
}

/** A prompt to write on from: room for the answer, which must be shorter than the context, is kept free. */
export function promptTokens(context: RequestContext, prompt: string, maxTokens: number): { readonly tokens: number[]; readonly cut: number } {
  const tokens = encode(context, prompt);
  if (tokens.length === 0) return { tokens: [prefixToken(context.tokenizer)], cut: 0 };
  const cut = Math.max(0, tokens.length - (context.context - maxTokens));
  return { tokens: tokens.slice(cut), cut };
}

/** A whole text in windows that touch but do not overlap: every token is asked for once, the first behind the prefix token. */
export function textRequests(context: RequestContext, text: string): ScoreRequest[] {
  const tokens = [prefixToken(context.tokenizer), ...encode(context, text)];
  const { context: most } = context;
  const requests: ScoreRequest[] = [];
  for (let from = 1; from < tokens.length; from += most) {
    const to = Math.min(from + most, tokens.length);
    // The last window is filled up from the front with what came before.
    const start = from === 1 ? 0 : Math.max(0, to - most - 1);
    requests.push({ tokens: tokens.slice(start, to), graded: from - start, cut: 0 });
  }
  return requests;
}
