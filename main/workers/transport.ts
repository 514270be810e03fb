/** How a child process is started and spoken to. One implementation a host: plain Node here, Electron's shell later. */

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number | undefined;
  /** Lost without a word if the child has gone; its exit says so. */
  send(message: unknown): void;
  /** Ends it at once. */
  kill(): void;
}

export interface ChildListener {
  onMessage(message: unknown): void;
  /** A line that the child wrote to standard output or error by itself. */
  onOutput(line: string): void;
  /** Once, after the last message and line. */
  onExit(exit: ChildExit): void;
}

export interface Transport {
  /** Starts a TypeScript entry file. `environment` is added to this process's own. */
  start(entry: string, environment: Readonly<Record<string, string>>, listener: ChildListener): Child;
}
