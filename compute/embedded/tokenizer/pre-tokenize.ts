/**
 * Cuts text into the pieces inside which BPE merges: digits one by one, then GPT-2's rule. This is what llama.cpp calls `smollm`
 * and what tokenizer.json spells as Digits followed by ByteLevel.
 */
const digit = /(\p{N})/u;
const gpt2Pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export const preTokenize = (text: string): string[] => text.split(digit).flatMap((part) => part.match(gpt2Pieces) ?? []);

/** GPT-2's printable stand-in for each byte: printable Latin-1 stands for itself, the others follow from U+0100 on. */
export const byteAlphabet: readonly string[] = (() => {
  const isPrintable = (byte: number): boolean => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isPrintable(byte) ? byte : next++));
})();

/** A piece in the byte alphabet: one character a byte. */
export const toByteAlphabet = (piece: string): string[] => Array.from(Buffer.from(piece, 'utf8'), (byte) => byteAlphabet[byte] ?? '');
