/** A parity fixture: a tiny model, an adapter, a batch, and what PyTorch + PEFT computed from them. Any sizes, ranks and targets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { readSafetensors } from '../formats/safetensors/safetensors-reader.ts';
import { notGraded, type PackedRows } from '../data/types.ts';

const rows = z.array(z.array(z.int())).min(1);
const Batch = z.object({ input_ids: rows, attention_mask: rows, labels: rows });
const Expected = z.object({
  loss: z.number(),
  base_loss: z.number(),
  lora: z.object({ r: z.int(), alpha: z.number(), rslora: z.boolean() }),
  training: z.object({
    losses: z.array(z.number()).min(1),
    grad_norms: z.array(z.number()),
    learning_rates: z.array(z.number()),
    betas: z.tuple([z.number(), z.number()]),
    eps: z.number(),
    weight_decay: z.number(),
    max_norm: z.number(),
  }),
});

export interface Fixture {
  readonly folder: string;
  readonly batch: z.infer<typeof Batch>;
  readonly expected: z.infer<typeof Expected>;
  /** The tokens that are not padding, rows end to end. */
  readonly packed: PackedRows;
  /** Index of each packed token in the padded [rows, length] layout. */
  readonly places: Int32Array;
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new AppError('MODEL_INVALID', { path, problem: parsed.error.issues[0]?.message ?? "not of the fixtures' form" });
  return parsed.data;
}

export function openFixture(folder: string): Fixture {
  const batch = readJson(join(folder, 'batch.json'), Batch);
  return { folder, batch, expected: readJson(join(folder, 'expected.json'), Expected), ...pack(batch) };
}

function pack({ input_ids: ids, attention_mask: mask, labels }: z.infer<typeof Batch>): Pick<Fixture, 'packed' | 'places'> {
  const [tokens, targets, positions, places]: [number[], number[], number[], number[]] = [[], [], [], []];
  const segments = [0];
  ids.forEach((row, r) => {
    const length = (mask[r] ?? []).filter((value) => value === 1).length;
    row.slice(0, length).forEach((id, t) => {
      tokens.push(id);
      positions.push(t);
      places.push(r * row.length + t);
      targets.push(t + 1 < length ? (labels[r]?.[t + 1] ?? notGraded) : notGraded);
    });
    segments.push(tokens.length);
  });
  const packed = {
    tokens: Int32Array.from(tokens),
    labels: Int32Array.from(targets),
    positions: Int32Array.from(positions),
    segments: Int32Array.from(segments),
    gradedTokens: targets.filter((label) => label >= 0).length,
  };
  return { packed, places: Int32Array.from(places) };
}

/** The f32 tensors of a small safetensors file. */
export function readFloatTensors(path: string): ReadonlyMap<string, Float32Array> {
  const bytes = readFileSync(path);
  return new Map(
    readSafetensors(path).tensors.map(({ name, type, offset, bytes: length }) => {
      if (type.dtype !== 'f32') throw new AppError('SAFETENSORS_INVALID', { path, problem: `${name} is ${type.name}, fixtures hold F32` });
      return [name, new Float32Array(new Uint8Array(bytes.subarray(offset, offset + length)).buffer)];
    }),
  );
}
