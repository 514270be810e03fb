/** An adapter as GGUF with random numbers, for a base file: large enough to change every answer. */
import { readGguf } from '../../compute/formats/gguf/gguf-reader.ts';
import { writeGguf, type GgufValueToWrite } from '../../compute/formats/gguf/gguf-writer.ts';
import { float32Tensor } from '../../compute/formats/tensor-to-write.ts';

const rank = 4;

/** Another seed gives another adapter; `scale` is how large its numbers are. */
export async function writeRandomAdapter(
  path: string,
  { base, seed, scale = 0.3 }: { readonly base: string; readonly seed: number; readonly scale?: number },
): Promise<void> {
  const { metadata, tensors } = readGguf(base, 'Base');
  let state = seed * 2_654_435_761;
  const random = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) >>> 0;
    return (state / 2 ** 32 - 0.5) * 2 * scale;
  };
  const filled = (count: number): Float32Array => Float32Array.from({ length: count }, random);
  const text = (value: string): GgufValueToWrite => ({ type: 'string', value });
  const adapted = tensors.filter(({ name }) => /attn_(q|output)[.]weight$/.test(name));
  await writeGguf(path, {
    metadata: new Map<string, GgufValueToWrite>([
      ['general.architecture', text(metadata.string('general.architecture'))],
      ['general.type', text('adapter')],
      ['adapter.type', text('lora')],
      ['adapter.lora.alpha', { type: 'float32', value: rank }],
    ]),
    tensors: adapted.flatMap(({ name, shape }) => {
      const [out = 0, into = 0] = shape;
      return [float32Tensor(`${name}.lora_a`, [rank, into], filled(rank * into)), float32Tensor(`${name}.lora_b`, [out, rank], filled(out * rank))];
    }),
  });
}
