/** Children by Electron's `utilityProcess`: what a packed app can start. */
import { utilityProcess, type UtilityProcess } from 'electron';
import { createInterface } from 'node:readline';
import { goodbye } from '../../shared/contracts/compute-messages.ts';
import type { ChildListener, Transport } from '../workers/transport.ts';
import { killAtOnce } from './kill-at-once.ts';
import { readExit } from './utility-exit.ts';

export interface UtilityOptions {
  /** As the system's list of processes shows it. */
  readonly serviceName: string;
}

export const utilityTransport = ({ serviceName }: UtilityOptions): Transport => ({
  start: (entry, environment, listener) => {
    const child = startUtility(entry, environment, serviceName);
    listen(child, listener);
    return {
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      kill: () => killNow(child),
    };
  },
});

/** Its own `.env` files and NODE_OPTIONS are nobody's business; the environment is ours with what is added. */
export const startUtility = (entry: string, environment: Readonly<Record<string, string>>, serviceName: string): UtilityProcess =>
  utilityProcess.fork(entry, [], { serviceName, stdio: 'pipe', env: { ...process.env, ...environment } });

/** Footgun: Electron forgets a child's streams with its end; what it wrote last may be lost, and nobody hears that they closed. */
export function listen(child: UtilityProcess, listener: ChildListener): void {
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => listener.onOutput(line));
  }
  child.on('message', (message: unknown) => {
    if (message === goodbye) child.postMessage(goodbye);
    else listener.onMessage(message);
  });
  child.on('exit', (code) => listener.onExit(readExit(code)));
}

/** `kill()` of Electron asks, and tells its end as a good one. */
export function killNow(child: UtilityProcess): void {
  if (process.platform === 'win32' || child.pid === undefined) child.kill();
  else killAtOnce(child.pid);
}
