/**
 * Merge rules of a SentencePiece BPE vocabulary, which stores scores instead: every way to make a token of two others is a rule,
 * the best score first. Ties are ordered as Hugging Face's converter orders them, so ids agree with transformers.
 */
import { ggufTokenType } from './gguf-tokenizer-metadata.ts';

interface Vocabulary {
  readonly tokens: readonly string[];
  readonly scores: Float32Array;
  readonly tokenTypes: Int32Array | null;
}

/** Lengths in code points, as the converter counts them. */
const codePoints = (text: string): number => {
  let count = 0;
  for (let i = 0; i < text.length; i += 1, count += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) i += 1;
  }
  return count;
};

export function sentencePieceMerges({ tokens, scores, tokenTypes }: Vocabulary): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const rules: { left: number; right: number; score: number }[] = [];
  for (const [id, token] of tokens.entries()) {
    if ((tokenTypes?.[id] ?? ggufTokenType.normal) !== ggufTokenType.normal) continue;
    const own: typeof rules = [];
    for (let cut = 1; cut < token.length; cut += 1) {
      const left = ids.get(token.slice(0, cut));
      const right = left === undefined ? undefined : ids.get(token.slice(cut));
      if (left !== undefined && right !== undefined) own.push({ left, right, score: scores[id] ?? 0 });
    }
    own.sort((a, b) => a.left - b.left || a.right - b.right);
    rules.push(...own);
  }
  const lengths = tokens.map(codePoints);
  const lengthOf = (id: number): number => lengths[id] ?? 0;
  rules.sort((a, b) => b.score - a.score || lengthOf(b.left) - lengthOf(a.left) || lengthOf(b.right) - lengthOf(a.right));
  return rules.map(({ left, right }) => [tokens[left] ?? '', tokens[right] ?? '']);
}
