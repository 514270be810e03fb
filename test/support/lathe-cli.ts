/** The real command line as a child process, for tests: its events, how it ended, and the compute process that it started. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** A line of `--json`. */
export type CliEvent = { readonly event: string } & Readonly<Record<string, unknown>>;

export interface CliEnd {
  /** null after a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly events: readonly CliEvent[];
}

export interface CliOptions extends Pick<SpawnOptions, 'cwd' | 'uid' | 'gid' | 'detached'> {
  readonly env?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: CliEvent) => void;
}

const entry = join(import.meta.dirname, '..', '..', 'main', 'cli', 'bin.js');

export class LatheCli {
  readonly #child: ChildProcess;
  readonly #events: CliEvent[] = [];
  /** Resolves when the process has ended and all it wrote has been read. */
  readonly ended: Promise<CliEnd>;

  /** Starts `lathe ...args`; without `--json` there are no events. */
  constructor(args: readonly string[], { env = {}, onEvent, ...options }: CliOptions = {}) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, ...args], {
      ...options,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = parseEvent(line);
      if (event === null) return;
      this.#events.push(event);
      onEvent?.(event);
    });
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, stderr, events: this.#events }));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get events(): readonly CliEvent[] {
    return this.#events;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Reads no more of what it writes, as `| head` does. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Ctrl-C as a terminal gives it: to everybody in the foreground. The child must have been started `detached`. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  /** Process ids of its children that run compute/worker/index.ts. */
  computeProcesses(): number[] {
    return childrenOf(this.pid).filter((pid) => commandOf(pid).includes(join('worker', 'index.ts')));
  }

  /** Kills the command line and what it started, all at once and without a word. */
  async killAll(): Promise<CliEnd> {
    // Its number may be another's by now.
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.ended;
    for (const pid of [...this.computeProcesses(), this.pid]) kill(pid);
    return this.ended;
  }
}

/** Runs to the end. */
export const lathe = (args: readonly string[], options?: CliOptions): Promise<CliEnd> => new LatheCli(args, options).ended;

function parseEvent(line: string): CliEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value ? (value as CliEvent) : null;
  } catch {
    return null;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
}

const readProc = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

const childrenOf = (pid: number): number[] => readProc(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
const commandOf = (pid: number): string => readProc(pid, 'cmdline').replaceAll('\0', ' ');

/** Whether the process is there and not a zombie. */
export const isRunning = (pid: number): boolean => !['', 'Z', 'X'].includes(/\) (\S)/.exec(readProc(pid, 'stat'))?.[1] ?? '');

/** Waits until `condition` holds; false when it did not in time. */
export async function waitFor(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > timeoutMs) return false;
    await pause(5);
  }
  return true;
}

/** Events of one kind. */
export const eventsOf = ({ events }: Pick<CliEnd, 'events'>, kind: string): readonly CliEvent[] => events.filter(({ event }) => event === kind);
