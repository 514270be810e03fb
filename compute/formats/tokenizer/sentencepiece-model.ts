/**
 * Reads tokenizer.model, SentencePiece's own file: the pieces with their scores, which tokenizer.json lacks. A protocol-buffer message
 * (sentencepiece_model.proto: pieces = 1 {piece = 1, score = 2, type = 3}, trainer_spec = 2 {model_type = 3}), of which no more is read.
 */
import { readFileSync, statSync } from 'node:fs';
import { withFileErrors } from '../file-errors.ts';
import { unsupportedTokenizer } from './huggingface-files.ts';

export interface SentencePiece {
  readonly text: string;
  readonly score: number;
  /** As in GGUF: ggufTokenType. */
  readonly type: number;
}

const limitBytes = 64 * 1024 * 1024;
const bpe = 2;

export function readSentencePieceModel(path: string): SentencePiece[] {
  const bytes = withFileErrors({ path, what: 'Tokenizer file', action: 'read' }, () => {
    const { size } = statSync(path);
    if (size > limitBytes) throw unsupportedTokenizer(path, `it is ${size} bytes long, more than any tokenizer`);
    return readFileSync(path);
  });
  const pieces: SentencePiece[] = [];
  let modelType = 1;
  for (const { field, value } of fieldsOf(bytes, path)) {
    if (field === 1 && Buffer.isBuffer(value)) pieces.push(pieceOf(value, path));
    if (field === 2 && Buffer.isBuffer(value)) for (const inner of fieldsOf(value, path)) if (inner.field === 3) modelType = Number(inner.value);
  }
  if (modelType !== bpe) throw unsupportedTokenizer(path, 'it is no byte-pair model');
  return pieces;
}

function pieceOf(message: Buffer, path: string): SentencePiece {
  const piece = { text: '', score: 0, type: 1 };
  for (const { field, value } of fieldsOf(message, path)) {
    if (field === 1 && Buffer.isBuffer(value)) piece.text = value.toString('utf8');
    else if (field === 2 && Buffer.isBuffer(value)) piece.score = value.readFloatLE(0);
    else if (field === 3) piece.type = Number(value);
  }
  return piece;
}

interface Field {
  readonly field: number;
  /** A number for variable-length integers, else the bytes. */
  readonly value: number | Buffer;
}

/** The fields of a message in their order. Every length is held against what there is. */
function* fieldsOf(bytes: Buffer, path: string): Generator<Field> {
  let at = 0;
  const torn = (): never => {
    throw unsupportedTokenizer(path, `it is torn or no SentencePiece model (at byte ${at})`);
  };
  const integer = (): number => {
    let value = 0;
    for (let factor = 1; factor < 2 ** 70; factor *= 128) {
      const byte = bytes[at++] ?? torn();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return torn();
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) torn();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = integer();
    const wire = tag % 8;
    const value = wire === 0 ? integer() : wire === 1 ? take(8) : wire === 2 ? take(integer()) : wire === 5 ? take(4) : torn();
    yield { field: Math.floor(tag / 8), value };
  }
}
