/**
 * Cuts text into the pieces inside which BPE merges: digits one by one, then GPT-2's rule. This is what llama.cpp calls `smollm`
 * and what tokenizer.json spells as Digits followed by ByteLevel.
 */
import { byteOfCharacter } from '../../formats/tokenizer/byte-alphabet.ts';

const digit = /(\p{N})/u;
const gpt2Pieces = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

export const preTokenize = (text: string): string[] => text.split(digit).flatMap((part) => part.match(gpt2Pieces) ?? []);

/** The byte alphabet in the order of the bytes. */
export const byteAlphabet: readonly string[] = [...byteOfCharacter].sort(([, left], [, right]) => left - right).map(([character]) => character);

/** A piece in the byte alphabet: one character a byte. */
export const toByteAlphabet = (piece: string): string[] => Array.from(Buffer.from(piece, 'utf8'), (byte) => byteAlphabet[byte] ?? '');
