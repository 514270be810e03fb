/** Starts the core: in a utility process, or under another Node where LATHE_NODE names one (an Electron too old for the database's driver, tests). */
import type { MessagePortMain } from 'electron';
import type { ToCoreProcess } from '../../shared/contracts/shell-link.ts';
import { nodeForkTransport } from '../workers/node-fork-transport.ts';
import type { ChildListener } from '../workers/transport.ts';
import { killNow, listen, startUtility } from './utility-transport.ts';

export interface CoreProcess {
  readonly pid: number | undefined;
  /** `port` only where it takes ports. */
  send(message: ToCoreProcess, port?: MessagePortMain): void;
  /** Whether a port can be handed on; else its messages are passed on one by one. */
  readonly takesPorts: boolean;
  kill(): void;
}

export function startCore(entry: string, listener: ChildListener): CoreProcess {
  const node = process.env['LATHE_NODE'];
  return node === undefined || node === '' ? inUtilityProcess(entry, listener) : underNode(node, entry, listener);
}

function underNode(node: string, entry: string, listener: ChildListener): CoreProcess {
  const child = nodeForkTransport({ node, flags: ['--disable-warning=ExperimentalWarning'] }).start(entry, {}, listener);
  return {
    get pid() {
      return child.pid;
    },
    takesPorts: false,
    send: (message) => child.send(message),
    kill: () => child.kill(),
  };
}

function inUtilityProcess(entry: string, listener: ChildListener): CoreProcess {
  const child = startUtility(entry, {}, 'Lathe core');
  listen(child, listener);
  return {
    get pid() {
      return child.pid;
    },
    takesPorts: true,
    send: (message, port) => child.postMessage(message, port === undefined ? [] : [port]),
    kill: () => killNow(child),
  };
}
