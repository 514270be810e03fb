/** A run folder: its lock, its fence, its record (run.yaml), its log. A run folder explains itself without any database. */
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runFiles, RunRecord } from '../../shared/domain/run-record.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { makeFolder, writeWholeFileAtomically } from '../formats/atomic-file.ts';
import { withFileErrors } from '../formats/file-errors.ts';
import { RunFence } from './run-fence.ts';
import { RunFolderLock } from './run-lock.ts';
import { RunLog } from './run-log.ts';

export class RunFolder implements Disposable {
  readonly path: string;
  readonly log: RunLog;
  readonly #lock: RunFolderLock;
  readonly #fence: RunFence;
  readonly #isNew: boolean;

  /** Makes the folder where it is missing, and owns it until disposed of, as attempt number `fence`. Throws RUN_BUSY, RUN_FENCED, FILE_FORBIDDEN. */
  constructor(path: string, fence: number) {
    this.path = path;
    this.#isNew = !existsSync(path);
    withFileErrors({ path, what: 'Run folder', action: 'write' }, () => makeFolder(path));
    if (!statSync(path).isDirectory()) throw new AppError('USAGE', { problem: `${path} is a file, not a folder`, hint: 'Choose another --out.' });
    this.#lock = new RunFolderLock(path);
    try {
      this.#fence = new RunFence(path, fence);
      this.log = new RunLog(path, () => this.requireOwn());
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  get checkpoints(): string {
    return join(this.path, runFiles.checkpoints);
  }

  get adapter(): string {
    return join(this.path, runFiles.adapter);
  }

  get holdsRun(): boolean {
    return existsSync(join(this.path, runFiles.record));
  }

  /** Throws RUN_NOT_FOUND where there is none, RUN_RECORD_INVALID where it is not as it was written. */
  readRecord(): RunRecord {
    const path = join(this.path, runFiles.record);
    if (!existsSync(path)) throw new AppError('RUN_NOT_FOUND', { path: this.path });
    const invalid = (problem: string): AppError => new AppError('RUN_RECORD_INVALID', { path, problem });
    let content: unknown;
    try {
      content = parse(readFileSync(path, 'utf8'));
    } catch (error) {
      throw invalid(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
    const parsed = RunRecord.safeParse(content);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not a run record'}`);
  }

  /** Before anything is written: a later attempt may have taken the folder. Throws RUN_FENCED. */
  requireOwn(): void {
    this.#fence.require();
  }

  async writeRecord(record: RunRecord): Promise<void> {
    this.requireOwn();
    await writeWholeFileAtomically(join(this.path, runFiles.record), stringify(record));
  }

  async writeCard(text: string): Promise<void> {
    this.requireOwn();
    await writeWholeFileAtomically(join(this.path, runFiles.card), text);
  }

  /** A folder made for a run that never began is taken away again. */
  [Symbol.dispose](): void {
    const isLeftOver = this.#isNew && !this.holdsRun;
    this.#lock.release();
    if (isLeftOver) rmSync(this.path, { recursive: true, force: true });
  }
}
