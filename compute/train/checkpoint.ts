/**
 * Checkpoints: all that a run needs to go on to the same bits. A folder checkpoints/step-N appears whole, by one rename, with the
 * SHA-256 of each of its files; a torn or damaged one is recognised and the one before it is used.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Parameter } from '../autograd/tape.ts';
import { isTemporaryName, writeFolderAtomically, writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { PositionedFile } from '../formats/positioned-file.ts';
import { readSafetensors } from '../formats/safetensors/safetensors-reader.ts';
import { writeSafetensors } from '../formats/safetensors/safetensors-writer.ts';
import { sha256OfFile } from '../formats/sha256.ts';
import { loadAddon } from '../tensor/load-addon.ts';
import { toFloats, type Tensor } from '../tensor/tensor.ts';
import type { AdamW } from './adamw.ts';

const count = z.int().min(0);

/** Where a run stands, besides its tensors. */
export const RunState = z.object({
  /** Optimizer steps done. */
  step: count,
  /** Where the next step's rows are. */
  position: z.object({ epoch: count, row: count }),
  /** Micro-batches done: which random numbers dropout draws next. */
  microBatches: count,
  tokens: count,
  /** Time spent training, over all parts of the run. */
  seconds: z.number().min(0),
  lastLoss: z.number(),
  best: z.object({ step: count, loss: z.number() }).nullable(),
  evaluationsWithoutGain: count,
});
export type RunState = z.infer<typeof RunState>;

const Manifest = z.object({ files: z.record(z.string(), z.object({ bytes: count, sha256: z.string() })) });

const files = { state: 'state.json', parameters: 'parameters.safetensors', optimizer: 'optimizer.safetensors', manifest: 'manifest.json' } as const;

export interface CheckpointContent {
  readonly state: RunState;
  readonly parameters: readonly Parameter[];
  readonly optimizer: AdamW;
}

/** Read at once where a file is checked. */
const PIECE_BYTES = 1 << 20;

const folderName = (step: number): string => `step-${String(step).padStart(8, '0')}`;
const stepOf = (name: string): number => Number(/^step-(\d+)$/.exec(name)?.[1] ?? NaN);

const tensorBytes = (tensor: Tensor): Uint8Array => new Uint8Array(toFloats(tensor).buffer);
const toWrite = (name: string, tensor: Tensor) => ({ name, dtype: 'f32' as const, shape: tensor.shape, data: () => [tensorBytes(tensor)] });

/** Writes checkpoints/step-N, drops what there is of later steps, and returns its path. Throws DISK_FULL or FILE_FORBIDDEN, leaving what was there. `requireOwn` is asked once more before it gets its name. */
export async function writeCheckpoint(
  folder: string,
  { state, parameters, optimizer }: CheckpointContent,
  requireOwn = (): void => undefined,
): Promise<string> {
  const path = join(folder, folderName(state.step));
  if (existsSync(path)) rmSync(path, { recursive: true }); // damaged, or from before a resume: the same bits come again
  await writeFolderAtomically(path, async (temporary) => {
    await writeSafetensors(
      join(temporary, files.parameters),
      parameters.map(({ name, value }) => toWrite(name, value)),
    );
    const moments = optimizer.moments.flatMap(({ m, v }, i) => [toWrite(`${parameters[i]?.name ?? ''}.m`, m), toWrite(`${parameters[i]?.name ?? ''}.v`, v)]);
    await writeSafetensors(join(temporary, files.optimizer), moments);
    await writeWholeFileAtomically(join(temporary, files.state), JSON.stringify(state));
    const entries: [string, { bytes: number; sha256: string }][] = [];
    for (const name of [files.parameters, files.optimizer, files.state]) {
      entries.push([name, { bytes: statSync(join(temporary, name)).size, sha256: await sha256OfFile(join(temporary, name)) }]);
    }
    await writeWholeFileAtomically(join(temporary, files.manifest), JSON.stringify({ files: Object.fromEntries(entries) }));
    requireOwn();
  });
  // A resume passed over those: kept, they would be the newest, and push out the ones that are sound.
  for (const step of checkpointSteps(folder)) if (step > state.step) rmSync(join(folder, folderName(step)), { recursive: true, force: true });
  return path;
}

/** Removes all but the newest `keep`, the best one, and those that the kept ones know as the best: whichever of them is gone on from needs its own. */
export function pruneCheckpoints(folder: string, { keep, best }: { readonly keep: number; readonly best: number | null }): void {
  const steps = checkpointSteps(folder);
  const needed = new Set([best, ...steps.slice(0, keep).map((step) => bestOf(join(folder, folderName(step))))]);
  for (const step of steps.slice(keep)) if (!needed.has(step)) rmSync(join(folder, folderName(step)), { recursive: true, force: true });
  for (const name of readdirSync(folder)) if (isTemporaryName(name)) rmSync(join(folder, name), { recursive: true, force: true });
}

/** The step that a checkpoint knows as the best so far; null where it has none, or cannot be read. */
function bestOf(path: string): number | null {
  try {
    return readState(path).best?.step ?? null;
  } catch {
    return null;
  }
}

/** Steps there are checkpoints of, newest first, sound or not. */
function checkpointSteps(folder: string): number[] {
  if (!existsSync(folder)) return [];
  const steps = readdirSync(folder).map(stepOf);
  return steps.filter((step) => !Number.isNaN(step)).sort((a, b) => b - a);
}

/** Whether there are any, sound or not. */
export const hasCheckpoints = (folder: string): boolean => checkpointSteps(folder).length > 0;

export interface SoundCheckpoint {
  readonly path: string;
  readonly state: RunState;
  /** Newer ones that were passed over, with what was wrong. */
  readonly damaged: readonly string[];
  /** What is wrong with the run's best checkpoint, which the end of the run needs; null: it is sound. */
  readonly bestProblem: string | null;
}

/**
 * The newest checkpoint whose files are all as they were written, and those of the best one it knows of too; failing that, the newest
 * sound one. Null when the run has none at all. Throws CHECKPOINT_CORRUPT.
 */
export function findCheckpoint(folder: string): SoundCheckpoint | null {
  const damaged: string[] = [];
  let withoutBest: SoundCheckpoint | null = null;
  for (const step of checkpointSteps(folder)) {
    const path = join(folder, folderName(step));
    const problem = problemOf(path);
    if (problem === null) {
      const state = readState(path);
      const bestProblem = problemOfBest(folder, state);
      const found = { path, state, damaged: [...damaged], bestProblem };
      if (bestProblem === null) return found;
      withoutBest ??= found;
    }
    damaged.push(`${folderName(step)}: ${problem ?? 'its best checkpoint is damaged'}`);
  }
  if (withoutBest !== null || damaged.length === 0) return withoutBest;
  throw new AppError('CHECKPOINT_CORRUPT', { path: folder, problem: damaged.join('; ') });
}

function problemOfBest(folder: string, { step, best }: RunState): string | null {
  if (best === null || best.step === step) return null;
  const problem = problemOf(join(folder, folderName(best.step)));
  return problem === null ? null : `${folderName(best.step)}: ${problem}`;
}

/** What is wrong with a checkpoint, or null. */
export function problemOf(path: string): string | null {
  try {
    const manifest = Manifest.parse(JSON.parse(readFileSync(join(path, files.manifest), 'utf8')));
    for (const name of [files.parameters, files.optimizer, files.state]) {
      using file = new PositionedFile(join(path, name), 'Checkpoint file');
      const entry = manifest.files[name];
      if (entry === undefined || entry.bytes !== file.size) return `${name} has ${file.size} bytes`;
      if (sha256Of(file) !== entry.sha256) return `${name} is not as it was written`;
    }
    readState(path);
    return null;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** In pieces: the optimizer of a model whose every weight is trained is larger than a buffer can be, and than the plan has room for. */
function sha256Of(file: PositionedFile): string {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(PIECE_BYTES);
  for (let offset = 0; offset < file.size; offset += piece.length) hash.update(piece.subarray(0, file.readInto(piece, offset)));
  return hash.digest('hex');
}

const readState = (path: string): RunState => RunState.parse(JSON.parse(readFileSync(join(path, files.state), 'utf8')));

/** Fills parameters and moments from a checkpoint that `findCheckpoint` found sound. */
export function restoreCheckpoint(path: string, { parameters, optimizer }: Omit<CheckpointContent, 'state'>): void {
  restoreParameters(path, parameters);
  const moments = optimizer.moments.flatMap(({ m, v }, i) => [[`${parameters[i]?.name ?? ''}.m`, m] as const, [`${parameters[i]?.name ?? ''}.v`, v] as const]);
  readInto(join(path, files.optimizer), new Map(moments));
}

/** The weights alone: for the best checkpoint at the end of a run. */
export function restoreParameters(path: string, parameters: readonly Parameter[]): void {
  readInto(join(path, files.parameters), new Map(parameters.map(({ name, value }) => [name, value])));
  parameters.forEach((parameter) => parameter.changed());
}

function readInto(path: string, targets: ReadonlyMap<string, Tensor>): void {
  using file = new PositionedFile(path, 'Checkpoint file');
  const { tensors } = readSafetensors(path);
  const found = tensors.filter(({ name, shape }) => targets.get(name)?.shape.join() === shape.join());
  if (found.length !== targets.size || tensors.length !== targets.size)
    throw new AppError('CHECKPOINT_CORRUPT', { path, problem: 'it holds other tensors than this run trains' });
  for (const { name, offset, bytes: length } of found) {
    const target = targets.get(name);
    if (target === undefined) continue;
    const values = new Float32Array(length / 4);
    file.readInto(new Uint8Array(values.buffer), offset);
    loadAddon().write(target.id, values, 0);
  }
}

export const checkpointPath = (folder: string, step: number): string => join(folder, folderName(step));
