/** Training runs of the tiny model through the real command line: their arguments, their results, and ways to cut them short. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventsOf, LatheCli, type CliEnd, type CliOptions } from './lathe-cli.ts';
import { writeTinyData, writeTinyModel } from './tiny-model.ts';

export class TinyRuns {
  readonly folder: string;
  readonly model: string;
  readonly data: string;
  /** LATHE_HOME of every command. */
  readonly home: string;

  private constructor(folder: string, model: string, data: string) {
    this.folder = folder;
    this.model = model;
    this.data = data;
    this.home = join(folder, 'home');
  }

  static async in(folder: string, { rows = 200 } = {}): Promise<TinyRuns> {
    return new TinyRuns(folder, await writeTinyModel(join(folder, 'model')), writeTinyData(join(folder, 'rows.jsonl'), rows));
  }

  out(name: string): string {
    return join(this.folder, name);
  }

  /** `lathe train` into a folder of this name. */
  train(name: string, args: readonly string[] = [], options?: CliOptions): LatheCli {
    return this.lathe(['train', '--json', '--model', this.model, '--data', this.data, '--out', this.out(name), ...args], options);
  }

  resume(name: string, args: readonly string[] = [], options?: CliOptions): LatheCli {
    return this.lathe(['train', '--json', '--resume', this.out(name), ...args], options);
  }

  lathe(args: readonly string[], { env, ...options }: CliOptions = {}): LatheCli {
    const cli = new LatheCli(args, { ...options, env: { LATHE_HOME: this.home, ...env } });
    endWithTest(cli);
    return cli;
  }

  /**
   * Hashes of what a finished run made: the adapter, and the weights and moments after the last step, which the adapter does not hold where
   * an earlier evaluation was the best. Throws where there is none.
   */
  result(name: string): Readonly<Record<string, string>> {
    const last = join('checkpoints', this.checkpoints(name).at(-1) ?? '');
    const files = [join('adapter', 'adapter_model.safetensors'), join(last, 'parameters.safetensors'), join(last, 'optimizer.safetensors')];
    return Object.fromEntries(files.map((file) => [file, sha256(readFileSync(join(this.out(name), file)))]));
  }

  /** Names in the run's checkpoint folder, oldest first; those of unfinished ones begin with a dot. */
  checkpoints(name: string): string[] {
    const folder = join(this.out(name), 'checkpoints');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }
}

/** What a failed test left at work would be in the way of the next. */
function endWithTest(cli: LatheCli): void {
  try {
    onTestFinished(() => cli.killAll().then(() => undefined));
  } catch {
    // Begun before all tests of its file.
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

export const stepsOf = (end: Pick<CliEnd, 'events'>): number[] => eventsOf(end, 'step').map(({ step }) => Number(step));

/** Notes that a run gave. */
export const notesOf = (end: Pick<CliEnd, 'events'>): string[] => eventsOf(end, 'note').map(({ message }) => String(message));

/** Kills a command and its compute process `delayMs` after it has told of this step; where it ends before that, it has ended. */
export async function killAtStep(start: (options: CliOptions) => LatheCli, step: number, delayMs: number): Promise<CliEnd> {
  let isDue = false;
  const cli = start({
    onEvent: (event) => {
      if (isDue || event.event !== 'step' || Number(event['step']) < step) return;
      isDue = true;
      setTimeout(() => void cli.killAll(), delayMs);
    },
  });
  return cli.ended;
}
