/**
 * The difference of two models' log-probabilities on the same texts, a word or a byte: a ratio of sums over texts. Its interval is the studentised one of the
 * bootstrap over texts (ADR 20), with numbers by chance that are the same each time.
 */
import { setImmediate } from 'node:timers/promises';
import { probit } from 'simple-statistics';
import { power, type PairedDifference } from './paired-marks.ts';
import { RandomNumbers } from './random-numbers.ts';

/** By text: what the second's logarithm of perplexity adds to the first's, and its words or bytes. */
export interface TextDifferences {
  readonly added: Float64Array;
  readonly units: Float64Array;
}

/** With fewer, a resample may hold one text only, and has no spread. */
export const fewestTexts = 5;
const resamples = 10_000;
/** Draws between two looks at what else waits. */
const drawsAtOnce = 500_000;

export async function differenceOfTexts(texts: TextDifferences, confidence: number): Promise<PairedDifference> {
  const { added, units } = inOrder(texts);
  const items = added.length;
  const difference = sum(added) / sum(units);
  const left = added.map((value, i) => value - difference * (units[i] ?? 0));
  const error = standardError(sum(left.map((value) => value ** 2)), items) / sum(units);
  const detectable = (probit(1 - (1 - confidence) / 2) + probit(power)) * error;
  if (error === 0) return { difference, low: difference, high: difference, p: difference === 0 ? 1 : 0, detectable };
  const deviations = await studentised(left, units);
  const cut = Math.floor(((1 - confidence) / 2) * resamples);
  const at = (position: number): number => deviations[position] ?? 0;
  const seen = difference / error;
  const atLeast = deviations.reduce((count, value) => count + (value >= seen ? 1 : 0), 0);
  const atMost = deviations.reduce((count, value) => count + (value <= seen ? 1 : 0), 0);
  return {
    difference,
    low: difference - at(resamples - 1 - cut) * error,
    high: difference - at(cut) * error,
    p: Math.min(1, (2 * (Math.min(atLeast, atMost) + 1)) / (resamples + 1)),
    detectable,
  };
}

/** Sorted: by how many standard errors (its own) each resample is off. `left`: what is left of each text without the mean difference. */
async function studentised(left: Float64Array, units: Float64Array): Promise<Float64Array> {
  const deviations = new Float64Array(resamples);
  const random = new RandomNumbers(left.length);
  const draws = new Uint32Array(left.length);
  const atOnce = Math.max(1, Math.floor(drawsAtOnce / left.length));
  for (let from = 0; from < resamples; from += atOnce) {
    if (from > 0) await setImmediate();
    for (let i = from; i < Math.min(resamples, from + atOnce); i += 1) {
      random.fill(draws, left.length);
      deviations[i] = deviation(left, units, draws);
    }
  }
  return deviations.sort();
}

function deviation(left: Float64Array, units: Float64Array, draws: Uint32Array): number {
  let [value, unit, values, both, squares] = [0, 0, 0, 0, 0];
  for (let i = 0; i < draws.length; i += 1) {
    const text = draws[i] ?? 0;
    const l = left[text] ?? 0;
    const u = units[text] ?? 0;
    value += l;
    unit += u;
    values += l * l;
    both += l * u;
    squares += u * u;
  }
  const ratio = value / unit;
  const error = standardError(Math.max(0, values - 2 * ratio * both + ratio * ratio * squares), left.length) / unit;
  // One text alone, drawn again and again: as far off as can be.
  return error > 1e-9 * Math.abs(ratio) ? ratio / error : Math.sign(ratio) * 1e9;
}

/** Of a sum, from the squares of its parts. */
const standardError = (squares: number, items: number): number => Math.sqrt((squares * items) / (items - 1));
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** The same for any order of the texts, and mirrored where the two models change places. */
function inOrder({ added, units }: TextDifferences): TextDifferences {
  const sign = Math.sign(sum(added.toSorted((a, b) => Math.abs(a) - Math.abs(b)))) || 1;
  const value = (i: number): number => sign * (added[i] ?? 0);
  const order = [...added.keys()].sort((i, j) => Math.abs(value(i)) - Math.abs(value(j)) || value(i) - value(j) || (units[i] ?? 0) - (units[j] ?? 0));
  return { added: Float64Array.from(order, (i) => added[i] ?? 0), units: Float64Array.from(order, (i) => units[i] ?? 0) };
}
