/** Where the command line writes to, and in what form it was asked to. */
export interface Terminal {
  /** A line on standard output. */
  out(line: string): void;
  /** Text on standard output, without a new line. */
  write(text: string): void;
  /** A line on standard error. */
  err(line: string): void;
  readonly json: boolean;
  /** A person looks at it: bars may move. */
  readonly isInteractive: boolean;
}

/** A reader that has had enough (`lathe run list | head`) is no failure; a job that hears interrupts takes it for one, and saves what it has. */
let hasLeft = false;
function readerLeft(): void {
  if (hasLeft) return;
  hasLeft = true;
  if (process.listenerCount('SIGINT') === 0) process.exit(0);
  process.emit('SIGINT', 'SIGINT');
}

export function systemTerminal(json: boolean): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' && readerLeft());
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    write: (text) => void process.stdout.write(text),
    err: (line) => void process.stderr.write(`${line}\n`),
    json,
    isInteractive: process.stdout.isTTY && process.stderr.isTTY && !json && process.env['TERM'] !== 'dumb',
  };
}
