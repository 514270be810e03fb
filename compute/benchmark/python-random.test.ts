/** The numbers that CPython 3.11 draws: `r = random.Random(1234); r.sample(range(n), k)` for one pair after the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PythonRandom } from './python-random.ts';

interface Draw {
  readonly n: number;
  readonly k: number;
  readonly drawn: readonly number[];
}

const expected = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/parity/benchmarks/python_draws.json'), 'utf8')) as {
  seed: number;
  draws: Draw[];
}[];

it.each(expected)('draws with the seed $seed what Python draws, from few and from many', ({ seed, draws }) => {
  const random = new PythonRandom(seed);
  for (const { n, k, drawn } of draws) expect(random.sample(n, k), `${k} of ${n}`).toEqual(drawn);
});
