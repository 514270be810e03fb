/** Children by `child_process.fork`, under a Node that runs TypeScript: this one, or LATHE_NODE. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { keyVariable } from '../platform/secret-keys.ts';
import type { Readable } from 'node:stream';
import type { Child, ChildExit, ChildListener, Transport } from './transport.ts';

/** The first Node 24 releases warn about running TypeScript; later ones do not. */
const quietTypeScript = '--disable-warning=ExperimentalWarning';
/** A child's garbage is small and short-lived: without this V8 keeps some 35 MB for it, beside tensors that JavaScript never sees. */
const smallYoungHeap = '--max-semi-space-size=2';

/** Of a process that computes. */
const computeFlags = [quietTypeScript, smallYoungHeap];

export function nodeForkTransport({ node = process.env['LATHE_NODE'] ?? process.execPath, flags = computeFlags } = {}): Transport {
  return {
    start: (entry, environment, listener) => {
      const child = fork(entry, [], {
        execPath: node,
        execArgv: flags,
        env: { ...withoutKey(process.env), ...environment },
        serialization: 'advanced',
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      listen(child, listener);
      return handle(child);
    },
  };
}

/** What opens the secrets is nothing for a process that computes. */
function withoutKey({ [keyVariable]: _, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return others;
}

function listen(child: ChildProcess, listener: ChildListener): void {
  const open = new Set(['exit', 'stdout', 'stderr', 'channel']);
  let exit: ChildExit = { code: null, signal: null };
  let isTold = false;
  const close = (part: string): void => {
    open.delete(part);
    if (open.size > 0 || isTold) return;
    isTold = true;
    listener.onExit(exit);
  };
  readLines(child.stdout, listener, () => close('stdout'));
  readLines(child.stderr, listener, () => close('stderr'));
  child.on('message', (message) => listener.onMessage(message));
  // The last messages are delivered before the channel closes.
  child.on('disconnect', () => close('channel'));
  child.on('exit', (code, signal) => {
    exit = { code, signal };
    close('exit');
  });
  child.on('error', (error) => {
    // Could not be started (there is then no exit), or could not be reached (an exit follows).
    if (child.pid !== undefined) return;
    listener.onOutput(error.message);
    open.clear();
    close('exit');
  });
}

function readLines(stream: Readable | null, listener: ChildListener, onEnd: () => void): void {
  if (stream === null) return onEnd();
  const lines = createInterface({ input: stream });
  lines.on('line', (line) => listener.onOutput(line));
  lines.on('close', onEnd);
}

const handle = (child: ChildProcess): Child => ({
  pid: child.pid,
  send: (message) => {
    if (child.connected) child.send(message as object, () => undefined);
  },
  kill: () => {
    child.kill('SIGKILL');
  },
});
