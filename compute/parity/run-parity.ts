/** Runs the fixture folders of a directory and says of each family whether it is within the bounds. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ParityResult, ParityRow } from '../../shared/contracts/compute-jobs.ts';
import { AppError, isAppError } from '../../shared/errors/app-error.ts';
import { toAppError } from '../../shared/errors/wire-error.ts';
import { parityBounds, type ParityBounds } from './bounds.ts';
import { measureFixture } from './run-fixture.ts';

export interface ParityRequest {
  readonly fixtures: string;
  readonly families: readonly string[] | null;
  readonly precision: 'fp32' | 'bf16';
}

const nothing = { logits: null, loss: null, gradients: null, steps: null, adapter: null, movement: null, problem: null };

/** Every family asked for must pass; without a list, every folder of a family that this version knows. */
export function runParity({ fixtures, families, precision }: ParityRequest): ParityResult {
  const found = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => existsSync(join(fixtures, name, 'expected.json'))) : [];
  if (found.length === 0) throw new AppError('FILE_MISSING', { what: 'Fixture folders', path: fixtures });
  const rows = (families ?? found).map((family) => runFamily(join(fixtures, family), family, precision));
  const passed = rows.every(({ verdict }) => verdict === 'passed' || (families === null && verdict === 'unsupported'));
  return { families: rows, passed: passed && rows.some(({ verdict }) => verdict === 'passed') };
}

function runFamily(folder: string, family: string, precision: 'fp32' | 'bf16'): ParityRow {
  try {
    const distances = measureFixture(folder, precision === 'bf16' ? 'bf16' : 'f32');
    const bounds: ParityBounds = parityBounds[precision];
    const over = (Object.keys(bounds) as (keyof ParityBounds)[]).filter((key) => !(distances[key] <= bounds[key]));
    const problem =
      over.length === 0
        ? null
        : `over the bound: ${over.map((key) => `${key} ${distances[key].toExponential(1)} > ${bounds[key].toExponential(0)}`).join(', ')}`;
    return { family, verdict: over.length === 0 ? 'passed' : 'failed', ...distances, problem };
  } catch (error) {
    const verdict = isAppError(error, 'ARCHITECTURE_UNSUPPORTED') ? 'unsupported' : 'failed';
    return { ...nothing, family, verdict, problem: toAppError(error).message };
  }
}
